import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import type { LoadBalancerNode } from '../../src/launcher/protocol-schemas.ts'
import { launcherNodes } from '../../src/nodes/launcher-nodes.ts'
import { TellLauncher } from '../../src/tasks/tell-launcher.ts'
import { memberOf } from '../cluster/cluster-of.ts'

const now = new Date('2026-01-02T03:04:05Z')

t.test('members are told by where they answer, and whether they do', async (t) => {
  const one = { ...memberOf('one'), url: 'http://10.0.0.1:8787', address: '10.0.0.1:7946' }
  const two = { ...memberOf('two'), url: 'https://two.example', address: '[fd00::1]:7946' }
  const three = { ...memberOf('three'), url: 'http://three:1', address: '10.0.0.3:1' }
  const lastSeen = '2026-01-02T03:04:05.000Z'
  t.same(launcherNodes([two, { ...three, state: 'failed' }, one], now), [
    { host: '10.0.0.1', ipv4: '10.0.0.1', port: '8787', lastSeen, status: 'Online' },
    { host: 'three', ipv4: '10.0.0.3', port: '1', lastSeen, status: 'Offline' },
    { host: 'two.example', ipv4: '', port: '443', lastSeen, status: 'Online' },
  ])
})

t.test('a Launcher that is away is told later', async (t) => {
  const told: (readonly LoadBalancerNode[])[] = []
  let isAway = true
  const task = new TellLauncher({
    membership: { members: () => [{ ...memberOf('one'), url: 'http://one:1' }] },
    launcher: {
      setNodes: async (nodes) => {
        if (isAway) throw new AtelierError('LAUNCHER_UNAVAILABLE')
        told.push(nodes)
      },
    },
  })
  await task.activate()
  isAway = false
  await task.activate()
  t.match(told, [[{ host: 'one' }]])
})
