import t, { type Test } from 'tap'
import type { ApiUser, SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster, type TestCluster } from '../fixtures/cluster.ts'
import { untilAllSeeAll, untilSeen, untilStateAt } from '../fixtures/cluster-view.ts'
import { endedGently, placePlainIde, plainIdesIn, told } from '../fixtures/plain-ide.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

t.test(
  'a server dies: its sessions are lost, and started again elsewhere by their owner',
  async (t) => {
    const { cluster, user, again, left } = await twoOnTheThird(t)
    const [one, two, three] = threeOf(cluster.nodes)
    await three.die()
    for (const session of [again, left]) {
      await untilStateAt(user, [one, two], session, 'Lost')
      t.match((await user.session(session.id)).reason, 'Its server node-3 is lost.')
    }
    await untilSeen(user, [one, two], 'node-3', 'lost')
    const page = await user.at(two.address).fetch(left.url, { headers: { accept: 'text/html' } })
    t.equal(page.status, 503)
    t.match(
      await page.text(),
      /The server node-3 of this session is lost since \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    )

    const moved = await startAgain(t, user, again)
    t.not(moved.node, 'node-3')
    const pid = (await told(user.at(two.address), moved)).pid
    t.strictSame(await epochOf(cluster, again), 2)
    t.match(await user.session(left.id), { state: 'Lost', node: 'node-3' })

    await three.revive()
    await untilAllSeeAll(user, cluster)
    await until(async () => (await user.session(left.id)).state === 'Failed')
    t.match(await user.session(left.id), { node: 'node-3', reason: /^It ended while .+ lost\.$/ })
    t.match(await user.session(again.id), { state: 'Active', node: moved.node })
    t.strictSame(await told(user.at(three.address), again), { pid, remembered: 0 })
    t.strictSame(
      await allPlainIdes(cluster),
      [pid],
      'one process serves it, and nothing else is left',
    )
  },
)

t.test('a node was away for longer than its lease, and its sessions lived on', async (t) => {
  const { cluster, user, again, left, ides } = await twoOnTheThird(t)
  const [one, two, three] = threeOf(cluster.nodes)
  const kept = await told(user, left, 'remember')
  const old = await told(user, again)
  await three.kill()
  for (const session of [again, left]) await untilStateAt(user, [one, two], session, 'Lost')
  const moved = await startAgain(t, user, again)
  const { pid } = await told(user, moved)
  t.not(pid, old.pid)

  await three.start()
  await untilStateAt(user, cluster.nodes, left, 'Active')
  t.strictSame(
    await told(user.at(two.address), left),
    kept,
    'it is the same, and knows what it knew',
  )
  t.match(await user.session(left.id), { node: 'node-3', reason: null })
  t.equal(await epochOf(cluster, left), 1)
  await until(async () => (await plainIdesIn(three.directory)).length === 1)
  t.strictSame(await plainIdesIn(three.directory), [kept.pid], 'the superseded one has ended')
  t.strictSame(await endedGently(ides), [old.pid], 'which was told to end, and not killed')
  t.match(await user.session(again.id), { state: 'Active', node: moved.node })
  t.equal(await epochOf(cluster, again), 2)
  t.match(await told(user.at(three.address), again), { pid }, 'the new one lives')
  const pids = (await allPlainIdes(cluster)).map(String).sort()
  t.same(pids, [kept.pid, pid].map(String).sort(), 'each is there once')
})

/** A cluster with short leases whose third node holds two sessions. */
async function twoOnTheThird(t: Test) {
  const ides = await placePlainIde(await dataDirectory(t))
  const settings = { ides: { directory: ides }, cluster: { lease_seconds: 5 } }
  const cluster = await startTestCluster(t, { settings })
  const user = await cluster.signIn(threeOf(cluster.nodes)[0])
  await untilAllSeeAll(user, cluster)
  const drain = async (what: 'drain' | 'undrain') => {
    for (const name of ['node-1', 'node-2']) {
      const { status } = await user.ask('POST', `/api/v1/nodes/${name}/${what}`)
      t.equal(status, 200, `${what} ${name}`)
    }
  }
  await drain('drain')
  const again = await user.start('jupyterlab')
  const left = await user.start('jupyterlab')
  t.match([again.node, left.node], ['node-3', 'node-3'])
  await drain('undrain')
  return { cluster, user, again, left, ides }
}

async function startAgain(t: Test, user: ApiUser, { id }: SessionAnswer): Promise<SessionAnswer> {
  // That it is drained no more is told by gossip.
  const { status } = await until(async () => {
    const answer = await user.ask('POST', `/api/v1/sessions/${id}/restart`)
    return answer.status !== 503 && answer
  })
  t.equal(status, 202)
  return user.untilState(id, 'Active')
}

async function epochOf({ db }: TestCluster, { id }: SessionAnswer): Promise<number | undefined> {
  const rows = await db.query<{ epoch: number }>(
    'select epoch from atelier.sessions where id = $1',
    [id],
  )
  return rows[0]?.epoch
}

async function allPlainIdes({ nodes }: TestCluster): Promise<readonly number[]> {
  return (await Promise.all(nodes.map(({ directory }) => plainIdesIn(directory)))).flat()
}
