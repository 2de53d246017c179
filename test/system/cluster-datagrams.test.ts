import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { systemClock } from '../../cluster/clock.ts'
import { gossipKey } from '../../cluster/index.ts'
import { DatagramSeal } from '../../cluster/sealed-datagram.ts'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { HOSTILE } from '../cluster/hostile-datagrams.ts'
import { startTestCluster, type TestCluster } from '../fixtures/cluster.ts'
import { nodeStates, untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { steadyRequests } from '../fixtures/steady-requests.ts'
import { until } from '../fixtures/until.ts'

const DATAGRAMS = 100_000
const KINDS = 5
/** So many are sent before they are waited for, which the system's queue of a socket takes. */
const AT_ONCE = 50

t.test('100,000 hostile datagrams neither crash nor stop a node', async (t) => {
  const cluster = await startTestCluster(t, { nodes: 2 })
  const [attacked, other] = cluster.nodes
  if (attacked === undefined || other === undefined) throw new Error('there are no two nodes')
  const user = await cluster.signIn(attacked)
  await untilAllSeeAll(user, cluster)
  const since = attacked.log().length
  const { pid } = attacked
  const answers = steadyRequests(async () => {
    const { status } = await user.fetch('/api/v1/sessions')
    return status === 200 ? undefined : `answered ${status}`
  })
  const states = steadyRequests(async () => {
    const { 'node-1': state } = await nodeStates(user.at(other.address))
    return state === 'failed' || state === undefined ? `the other sees it ${state}` : undefined
  })

  const [row] = await cluster.db.query<{ address: string; id: string }>(
    `select gossip_address as address, cluster.id from atelier.nodes, atelier.cluster
     where name = 'node-1'`,
  )
  const [host, port] = row?.address.split(':') ?? []
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  const hostile = await hostileDatagrams(cluster, row?.id ?? '')
  for (let sent = 0; sent < DATAGRAMS; sent++) {
    const datagram = hostile(sent)
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, Number(port), host, (error) => (error ? reject(error) : resolve()))
    })
    if (sent % AT_ONCE === 0) while ((await queueOf(Number(port))).bytes > 0) await turn()
  }

  await until(async () => (await queueOf(Number(port))).bytes === 0)
  t.equal((await queueOf(Number(port))).dropped, 0, 'each of them was taken')
  await untilAllSeeAll(user, cluster)
  for (const stream of [answers, states]) {
    const { made: asked, failures } = await stream.stop()
    t.strictSame(failures, [], `${asked} requests were answered meanwhile`)
  }
  t.equal(attacked.pid, pid)
  t.strictSame(
    attacked
      .log()
      .slice(since)
      .filter(({ msg }) => msg !== 'datagrams were rejected'),
    [],
    'nothing else was worth a line',
  )
  t.strictSame(Object.keys(await nodeStates(user)), ['node-1', 'node-2'], 'nobody was made up')
})

/** The datagrams of an attacker: bytes at random, sealed with another key or the right one, cut short, and sent again. */
async function hostileDatagrams(
  { keyFile }: TestCluster,
  label: string,
): Promise<(at: number) => Uint8Array> {
  const clock = systemClock
  const clusterKey = new ClusterKey(Buffer.from(await readFile(keyFile, 'utf8'), 'base64'))
  const own = new DatagramSeal({ keys: [gossipKey(clusterKey.derive('gossip'))], label, clock })
  const strange = new DatagramSeal({ keys: [gossipKey(randomBytes(32))], label, clock })
  const first = own.seal(Buffer.from('hello'))
  return (at) => {
    const [, payload = Buffer.alloc(0)] = HOSTILE[Math.floor(at / KINDS) % HOSTILE.length] ?? []
    if (at % KINDS === 0) return randomBytes(Math.floor(Math.random() * 1400))
    if (at % KINDS === 1) return strange.seal(payload)
    const sealed = own.seal(payload)
    if (at % KINDS === 2) return sealed
    if (at % KINDS === 3) return sealed.subarray(0, Math.floor(Math.random() * sealed.length))
    return first
  }
}

/** What waits in the system's queue for this UDP port of IPv4, and how many datagrams it has dropped. */
async function queueOf(port: number): Promise<{ bytes: number; dropped: number }> {
  const lines = (await readFile('/proc/net/udp', 'utf8')).split('\n').map((line) => line.trim())
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const fields = lines.map((line) => line.split(/\s+/)).find(([, local]) => local?.endsWith(end))
  if (fields === undefined) throw new Error(`nobody listens at UDP port ${port}`)
  return { bytes: parseInt(fields[4]?.split(':')[1] ?? '', 16), dropped: Number(fields.at(-1)) }
}
