import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { ApiUser, SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, jobProcesses } from '../fixtures/atelier.ts'
import { startTestCluster, type TestCluster, type TestNode } from '../fixtures/cluster.ts'
import { sessionsAt, startOnEach, untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { placePlainIde, told } from '../fixtures/plain-ide.ts'
import { steadyRequests } from '../fixtures/steady-requests.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

/** That the network is cut for so long is the story of each. */
const CUT_MS = 30_000
const LONGER_THAN_THREE_LEASES_MS = 16_000

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

t.test('a partition of 30 s heals by itself', async (t) => {
  const cluster = await networked(t)
  const [one, two, three] = threeOf(cluster.nodes)
  await harmless(t, cluster, async (user, sessions) => {
    const [first, second, third] = threeOf(sessions)
    const cut = delay(CUT_MS)
    three.database.cut()
    three.host?.cutFrom([one, two].flatMap(({ host }) => host?.address ?? []))
    const served = [
      ...[one, two].flatMap((node) =>
        [first, second].map((session) => ({ through: node, session })),
      ),
      { through: three, session: third },
    ].map(({ through, session }) =>
      steadyRequests(async () => void (await told(user.at(through.address), session))),
    )
    await Promise.all([
      ...[one, two].map((node) => tellsOf(t, { user, through: node, session: third })),
      ...[first, second].map((session) => tellsOf(t, { user, through: three, session })),
    ])
    await cut
    for (const { made, failures } of await Promise.all(served.map((each) => each.stop()))) {
      t.strictSame(failures, [], `each side serves its own: none of ${made} failed`)
    }
    three.host?.heal()
    three.database.heal()
  })
})

t.test(
  'while all reach the database nobody is lost, however long they miss each other',
  async (t) => {
    const cluster = await networked(t, { lease_seconds: 5 })
    const [one, two, three] = threeOf(cluster.nodes)
    await harmless(t, cluster, async (user, sessions) => {
      const [, , third] = threeOf(sessions)
      const cut = delay(LONGER_THAN_THREE_LEASES_MS)
      three.host?.cutFrom([one, two].flatMap(({ host }) => host?.address ?? []))
      await until(() => one.log().some(({ msg }) => msg === 'a node does not answer'))
      await cut
      for (const node of cluster.nodes) {
        const seen = await sessionsAt(user.at(node.address))
        for (const { id } of sessions) t.match(seen.get(id), { state: 'Active' }, `at ${node.name}`)
      }
      t.match(await told(user.at(three.address), third), { remembered: 1 })
      three.host?.heal()
    })
  },
)

async function networked(t: Test, settings: object = {}): Promise<TestCluster> {
  const ides = { directory: await placePlainIde(await dataDirectory(t)) }
  return startTestCluster(t, { networked: true, settings: { ides, cluster: { ...settings } } })
}

/** Does something to the network, which heals it at its end, and checks that it has left no trace. */
async function harmless(
  t: Test,
  cluster: TestCluster,
  happens: (user: ApiUser, sessions: readonly SessionAnswer[]) => Promise<void>,
): Promise<void> {
  const [one] = threeOf(cluster.nodes)
  const user = await cluster.signIn(one)
  const sessions = await startOnEach(user, cluster)
  const before = await Promise.all(sessions.map((session) => told(user, session, 'remember')))
  const epochs = await epochsOf(cluster)
  const jobs = await jobsOf(cluster)

  await happens(user, sessions)

  await untilAllSeeAll(user, cluster)
  for (const node of cluster.nodes) {
    const there = user.at(node.address)
    const seen = await until(async () => {
      const all = await sessionsAt(there)
      return [...all.values()].every(({ reachable }) => reachable) && all
    })
    t.same([...seen.keys()].sort(), sessions.map(({ id }) => id).sort(), 'each is there once')
    for (const { id, node: holder } of sessions) {
      t.match(seen.get(id), { state: 'Active', node: holder }, `as ${node.name} sees it`)
    }
    t.strictSame(
      await Promise.all(sessions.map((session) => told(there, session))),
      before,
      `through ${node.name} each is the same, and knows what it knew`,
    )
    t.strictSame(
      node.log().filter(({ msg }) => /lost$|it is stopped/.test(msg)),
      [],
      'nobody lost or stopped anything',
    )
  }
  t.strictSame(await epochsOf(cluster), epochs)
  t.strictSame(await jobsOf(cluster), jobs, 'the very same processes run')
}

/** Waits until the far side's session is told to be out of reach, by the name of its node. */
async function tellsOf(
  t: Test,
  { user, through, session }: { user: ApiUser; through: TestNode; session: SessionAnswer },
): Promise<void> {
  const there = user.at(through.address)
  const refused = await until(async () => {
    const answer = await there.ask<ErrorAnswer>('GET', `${session.url}api/told`)
    return answer.status !== 200 && answer
  })
  t.match(refused, { status: 503, body: { error: { code: 'NODE_UNREACHABLE' } } })
  t.match(refused.body.error.message, session.node)
  t.match(refused.headers.get('retry-after'), /^\d+$/)
}

async function epochsOf({ db }: TestCluster): Promise<readonly object[]> {
  return db.query('select id, node, epoch from atelier.sessions order by id')
}

async function jobsOf({ nodes }: TestCluster): Promise<readonly (readonly number[])[]> {
  const all = await Promise.all(nodes.map(({ directory }) => jobProcesses(directory)))
  return all.map((pids) => [...pids].sort((a, b) => a - b))
}
