import t from 'tap'
import { gossipKey } from '../../cluster/index.ts'
import { DatagramSeal } from '../../cluster/sealed-datagram.ts'
import { alive, type FakeCluster, inVirtualTime, KEY } from './cluster-of.ts'
import { GHOST, HOSTILE } from './hostile-datagrams.ts'

const DATAGRAMS_OF_EACH_KIND = 30_000
const STRANGER = '192.0.2.7:7946'

/** Three members at work, and all that they said meanwhile. */
async function recordedCluster(cluster: FakeCluster): Promise<readonly Uint8Array[]> {
  cluster.network.recorded = []
  await cluster.startAll(3)
  cluster.members.get('n2')?.updateMeta({ sessions: 3 })
  await cluster.time.pass(10_000)
  const recorded = cluster.network.recorded.map(({ datagram }) => datagram)
  cluster.network.recorded = undefined
  return recorded
}

/** Some bytes changed, cut, doubled or put in; never the same as before. */
function mutated(original: Uint8Array): Buffer {
  const bytes = mutatedOrNot(original)
  return bytes.equals(original) ? mutated(original) : bytes
}

function mutatedOrNot(original: Uint8Array): Buffer {
  let bytes = Buffer.from(original)
  const changes = 1 + Math.floor(Math.random() * 4)
  for (let i = 0; i < changes; i++) {
    const at = Math.floor(Math.random() * bytes.length)
    const byte = Math.floor(Math.random() * 256)
    const kind = Math.random()
    if (kind < 0.5 && bytes.length > 0) bytes[at] = byte
    else if (kind < 0.65) bytes = bytes.subarray(0, at)
    else if (kind < 0.8) bytes = Buffer.concat([bytes, bytes.subarray(at)])
    else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])
  }
  return bytes
}

function randomBytes(): Buffer {
  const bytes = Buffer.alloc(Math.floor(Math.random() * 1400))
  return Buffer.from(bytes.map(() => Math.floor(Math.random() * 256)))
}

function anyOf<T>(all: readonly T[]): T {
  const one = all[Math.floor(Math.random() * all.length)]
  if (one === undefined) throw new Error('there is none')
  return one
}

for (const [kind, mayAddMembers] of [
  ['real datagrams, mutated', false],
  ['random bytes', false],
  ['hostile messages sealed with the right key', false],
  ['hostile messages sealed with another key', false],
  ['real messages, mutated and sealed with the right key', true],
] as const) {
  t.test(`${DATAGRAMS_OF_EACH_KIND} ${kind}: nobody crashes, and who is here stays`, async (t) => {
    await inVirtualTime(async (cluster, time, network) => {
      const recorded = await recordedCluster(cluster)
      const victim = cluster.members.get('n0')
      if (!victim) throw new Error('n0 is missing')
      const to = victim.local.address
      const { clock } = time
      const seal = new DatagramSeal({ keys: [KEY], label: 'test', clock })
      const foreign = new DatagramSeal({ keys: [gossipKey('another')], label: 'test', clock })
      const opening = new DatagramSeal({ keys: [KEY], label: 'test', clock })
      const payloads = recorded.flatMap((datagram) => {
        const opened = opening.open(datagram)
        return 'payload' in opened ? [opened.payload] : []
      })
      t.ok(payloads.length > 50, 'there is something to mutate')
      const make = {
        'real datagrams, mutated': () => mutated(anyOf(recorded)),
        'random bytes': randomBytes,
        'hostile messages sealed with the right key': () => seal.seal(anyOf(HOSTILE)[1]),
        'hostile messages sealed with another key': () => foreign.seal(anyOf(HOSTILE)[1]),
        'real messages, mutated and sealed with the right key': () =>
          seal.seal(mutated(anyOf(payloads))),
      }[kind]
      const before = victim.members()
      const rejectedBefore = sum(victim.counts().rejected)
      for (let i = 0; i < DATAGRAMS_OF_EACH_KIND; i++) {
        network.inject({ datagram: make(), from: STRANGER, to })
        if (i % 100 === 0) await time.pass(1)
      }
      const rejected = sum(victim.counts().rejected) - rejectedBefore
      if (mayAddMembers) {
        t.ok(rejected > DATAGRAMS_OF_EACH_KIND / 2, `${rejected} rejected`)
      } else {
        t.ok(rejected >= DATAGRAMS_OF_EACH_KIND, `all rejected, ${rejected} counts`)
        t.same(victim.members(), before, 'the list of members is the same')
      }
      t.comment(JSON.stringify(victim.counts().rejected))
      await time.until(() => ['n0', 'n1', 'n2'].every((name) => alive(victim).includes(name)))
      cluster.members.get('n1')?.updateMeta({ sessions: 77 })
      await time.until(() => victim.get('n1')?.meta.sessions === 77, 'news still arrive')
    })
  })
}

t.test('whoever holds the key cannot fill the memory with members', async (t) => {
  await inVirtualTime(async (cluster, time, network) => {
    const victim = await cluster.start('n0')
    const seal = new DatagramSeal({ keys: [KEY], label: 'test', clock: time.clock })
    for (let i = 0; i < 3000; i++) {
      const ghost = GHOST.toString('latin1')
        .replace('10.9.9.9', `10.9.${i >> 8}.${i & 255}`)
        .replace('ghost', `ghost${i}`)
      network.inject({
        datagram: seal.seal(Buffer.from(ghost, 'latin1')),
        from: STRANGER,
        to: victim.local.address,
      })
    }
    t.equal(victim.members().length, 1001)
    t.equal(victim.counts().rejected['too-many-members'], 2000)
  })
})

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
