import t from 'tap'
import type { Config } from '../../src/config.ts'
import { routingOf } from '../../src/peers/routing.ts'
import { memberOf } from '../cluster/cluster-of.ts'
import { nodeView } from '../fixtures/node.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second))
const rows = [
  nodeView({ name: 'node-1', url: 'http://one:1', joinedAt: at(5) }),
  nodeView({ name: 'node-2', url: 'http://two:2', joinedAt: at(1) }),
  nodeView({ name: 'node-3', url: 'http://three:3', joinedAt: at(1) }),
]
const seenBy = (name: string) => ({
  membership: { local: memberOf(name) },
  nodes: { all: () => rows },
})
const single = { mode: 'single-node' as const }
const routed = (routing: Config['routing'], by: string) => routingOf({ routing }, seenBy(by))

t.test('in single-node mode browsers go to the node that was the first', async (t) => {
  t.match(routed(single, 'node-1'), { isPublicNode: false, publicUrl: 'http://two:2' })
  t.match(routed(single, 'node-2'), { isPublicNode: true })
  t.match(routed(single, 'node-3'), { isPublicNode: false })
})

t.test('or to the one that is configured, at the public address if there is one', async (t) => {
  const named = { ...single, node: 'node-3' }
  t.match(routed(named, 'node-2'), { isPublicNode: false, publicUrl: 'http://three:3' })
  t.match(routed(named, 'node-3'), { isPublicNode: true })
  const unknown = { ...single, node: 'node-9' }
  t.match(routed(unknown, 'node-1'), { isPublicNode: false, publicUrl: undefined })
  t.match(routed({ ...named, public_url: 'https://w.example' }, 'node-1'), {
    publicUrl: 'https://w.example',
  })
})

t.test('in load-balancer mode no node is singled out', async (t) => {
  const routing = routed({ mode: 'load-balancer' }, 'node-1')
  t.match(routing, { isPublicNode: false, publicUrl: undefined })
})
