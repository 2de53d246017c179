import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readGossipKeys } from '../../src/nodes/gossip-keys.ts'
import { gossipPlace } from '../../src/nodes/gossip-place.ts'
import { seedsOf } from '../../src/nodes/seeds-of.ts'

const interfaces = ['127.0.0.1', '10.0.0.1', 'fd00::1']

t.test('where a node gossips', async (t) => {
  const cases: [
    configured: string | undefined,
    reached: string[],
    bind: string,
    advertise: string,
  ][] = [
    [undefined, ['10.0.0.1'], '10.0.0.1', '10.0.0.1'],
    [undefined, ['192.0.2.1', '10.0.0.1'], '10.0.0.1', '10.0.0.1'],
    [undefined, ['192.0.2.1'], '0.0.0.0', '192.0.2.1'],
    [undefined, ['2001:db8::1'], '::', '2001:db8::1'],
    ['fd00::1', ['10.0.0.1'], 'fd00::1', 'fd00::1'],
    ['0.0.0.0', ['10.0.0.1'], '0.0.0.0', '10.0.0.1'],
    ['10.0.0.1', [], '10.0.0.1', '10.0.0.1'],
  ]
  for (const [configured, reached, bind, advertise] of cases) {
    t.strictSame(gossipPlace({ configured, reached, interfaces }), { bind, advertise })
  }
  t.throws(() => gossipPlace({ configured: undefined, reached: [], interfaces }), /gossip\.host/)
})

t.test('several gossip keys, the first to seal', async (t) => {
  const file = join(t.testdir(), 'keys')
  const keys = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'))
  writeFileSync(file, `# new\n${keys[0]}\n\n${keys[1]}\n`, { mode: 0o600 })
  t.strictSame(
    readGossipKeys(file).map((key) => key[0]),
    [1, 2],
  )
  writeFileSync(file, `${keys[0]}\nrubbish\n`)
  t.throws(() => readGossipKeys(file), /keys, line 2: this is no key of 32 bytes/)
  writeFileSync(file, '# none\n')
  t.throws(() => readGossipKeys(file), /holds no key.*openssl rand/)
  chmodSync(file, 0o644)
  t.throws(() => readGossipKeys(file), /can be read by others.*chmod 600/)
})

t.test('the gossip is joined by nodes that run, and by what is configured', async (t) => {
  const row = (name: string, changes: object = {}) => ({
    name,
    gossipAddress: `${name}:1`,
    leftAt: null,
    ...changes,
  })
  const rows = [
    row('own'),
    row('a'),
    row('left', { leftAt: new Date() }),
    row('single', { gossipAddress: null }),
    row('new', { gossipAddress: '' }),
  ]
  const seeds = { cluster: { enabled: true, lease_seconds: 40, seeds: ['seed:7946'] } }
  t.strictSame(seedsOf(seeds, rows, 'own'), ['seed:7946', 'a:1'])
})
