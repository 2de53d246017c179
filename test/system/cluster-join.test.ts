import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster, type TestCluster } from '../fixtures/cluster.ts'
import { nodeStates, startOnEach, untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { placePlainIde, told } from '../fixtures/plain-ide.ts'
import { until } from '../fixtures/until.ts'

t.test(
  'a node that does not belong here is refused with a sentence, and leaves nothing',
  async (t) => {
    const cluster = await startTestCluster(t, { nodes: 1 })
    const [one] = cluster.nodes
    if (one === undefined) throw new Error('there is no node')
    const user = await cluster.signIn(one)
    const leavesNothing = async (t: Test) => {
      const rows = await cluster.db.query('select name, epoch from atelier.nodes')
      t.same(rows, [{ name: 'node-1', epoch: 1 }])
      t.strictSame(await nodeStates(user), { 'node-1': 'alive' })
    }

    await t.test('with another cluster key', async (t) => {
      const file = await keyFile(t)
      const stranger = await cluster.add('stranger', { cluster: { key_file: file } })
      const said = await stranger.startInVain()
      const own = new ClusterKey(Buffer.from(await readFile(file, 'utf8'), 'base64')).fingerprint
      const [row] = await cluster.db.query<{ key: string }>(
        'select key_fingerprint as key from atelier.cluster',
      )
      t.match(
        said,
        `This node has the cluster key ${own}, and the cluster of this database the key`,
      )
      t.match(said, String(row?.key))
      t.match(said, file)
      await leavesNothing(t)
    })

    for (const [secondsAhead, words] of [
      [40, /The clock of this server is (39|4\d) s ahead of the database's/],
      [-40, /The clock of this server is (39|4\d) s behind the database's/],
    ] as const) {
      await t.test(`with a clock that is ${secondsAhead} s off`, async (t) => {
        const late = await cluster.add('late', {}, { secondsAhead })
        t.match(await late.startInVain(), words)
        await leavesNothing(t)
      })
    }

    await t.test('with another version of the protocol', async (t) => {
      await cluster.db.query('update atelier.cluster set protocol = protocol + 1')
      const old = await cluster.add('old')
      const said = await old.startInVain()
      await cluster.db.query('update atelier.cluster set protocol = protocol - 1')
      t.match(said, /speaks version 1 of the protocol between nodes, and the cluster version 2/)
      await leavesNothing(t)
    })

    await t.test('with the name of another', async (t) => {
      const namesake = await cluster.add('node-1')
      const said = await namesake.startInVain()
      t.match(said, `Another server (${one.address}) is the node node-1 already`)
      t.match(said, 'node.name')
      await leavesNothing(t)
    })

    await t.test('without taking part in the cluster', async (t) => {
      const loner = await cluster.add('loner', { cluster: { enabled: false } })
      t.match(await loner.startInVain(), 'The node node-1 uses this database already.')
      await leavesNothing(t)
    })
  },
)

t.test(
  'a node with another gossip key is alone in gossip, and its sessions are reached',
  async (t) => {
    const ides = { directory: await placePlainIde(await dataDirectory(t)) }
    const cluster = await startTestCluster(t, { nodes: 2, settings: { ides } })
    const [one] = cluster.nodes
    if (one === undefined) throw new Error('there is no node')
    const user = await cluster.signIn(one)
    await startOnEach(user, cluster)
    const gossip = { key_file: await keyFile(t) }
    const other = await cluster.add('other', { gossip })
    await other.revive()
    const there = user.at(other.address)
    t.match(await nodeStates(there), { other: 'alive', 'node-1': 'failed', 'node-2': 'failed' })
    const session = await there.start('jupyterlab')
    t.equal(session.node, 'other', 'it knows of nobody else that takes sessions')
    const itself = await told(there, session)
    for (const { address, name } of cluster.nodes) {
      const through = user.at(address)
      await until(async () => (await told(through, session).catch(() => undefined))?.pid)
      t.strictSame(await told(through, session), itself, `through ${name}`)
      t.match(await nodeStates(through), { other: 'failed', 'node-1': 'alive', 'node-2': 'alive' })
    }
    await untilRenewed(cluster, 'other')
    t.match(await user.session(session.id), { state: 'Active' }, 'it is not lost')
    await untilAllSeeAll(user, cluster)
  },
)

async function keyFile(t: Test): Promise<string> {
  const file = join(await dataDirectory(t), 'other.key')
  await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600 })
  return file
}

/** Waits until the node has renewed its lease, and others have had the time to judge it. */
async function untilRenewed({ db }: TestCluster, name: string): Promise<void> {
  const renewals = new Set<number>()
  await until(async () => {
    const [row] = await db.query<{ at: Date }>(
      'select renewed_at as at from atelier.nodes where name = $1',
      [name],
    )
    if (row) renewals.add(row.at.getTime())
    return renewals.size > 2
  })
}
