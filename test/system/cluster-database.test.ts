import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { ApiUser, SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster, type TestCluster } from '../fixtures/cluster.ts'
import { sessionsAt, startOnEach, untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { echoSocket } from '../fixtures/echo-socket.ts'
import { placePlainIde, told } from '../fixtures/plain-ide.ts'
import { steadyRequests } from '../fixtures/steady-requests.ts'
import { until } from '../fixtures/until.ts'

/** That the database is away for so long is the story. */
const AWAY_MS = 60_000

t.test('the database goes and comes back: open sessions see nothing of it', async (t) => {
  const ides = { directory: await placePlainIde(await dataDirectory(t)) }
  const cluster = await startTestCluster(t, { nodes: 2, settings: { ides } })
  const [one] = cluster.nodes
  if (one === undefined) throw new Error('there is no node')
  const user = await cluster.signIn(one)
  const sessions = await startOnEach(user, cluster)

  await t.test('it is stopped for 60 s', async (t) => {
    await throughout(t, { user, cluster, sessions }, async () => {
      await cluster.database.stop()
      const back = delay(AWAY_MS)
      for (const { address, name } of cluster.nodes) {
        const refused = await user
          .at(address)
          .ask('POST', '/api/v1/sessions', { ide: 'jupyterlab' })
        t.match(
          refused,
          { status: 503, body: { error: { code: 'DATABASE_UNAVAILABLE' } } },
          `a start at ${name}`,
        )
        t.match(refused.headers.get('retry-after'), /^\d+$/)
      }
      await back
      await cluster.database.start()
    })
  })

  await t.test('it is restarted', async (t) => {
    await throughout(t, { user, cluster, sessions }, async () => {
      await cluster.database.stop()
      await cluster.database.start()
    })
  })
})

interface Stage {
  readonly user: ApiUser
  readonly cluster: TestCluster
  readonly sessions: readonly SessionAnswer[]
}

/** Does something to the database while all sessions are used through all nodes, and checks that it has left no trace. */
async function throughout(
  t: Test,
  { user, cluster, sessions }: Stage,
  happens: () => Promise<void>,
): Promise<void> {
  const ways = cluster.nodes.flatMap((node) => sessions.map((session) => ({ node, session })))
  const before = await Promise.all(sessions.map((session) => told(user, session, 'remember')))
  const since = cluster.nodes.map((node) => node.log().length)
  const requests = ways.map(({ node, session }) =>
    steadyRequests(async () => void (await told(user.at(node.address), session))),
  )
  const sockets = await Promise.all(
    ways.map(({ node, session }) => echoSocket(user.at(node.address), session)),
  )
  const messages = sockets.map((socket) =>
    steadyRequests(() => socket.echo('here').then(() => undefined)),
  )

  await happens()

  const [back] = await until(() =>
    cluster.db.query<{ now: Date }>('select now()').catch(() => undefined),
  )
  const started = await until(async () => {
    const wanted = { ide: 'jupyterlab' }
    const { status, body } = await user.ask<SessionAnswer>('POST', '/api/v1/sessions', wanted)
    return status === 201 && body
  })
  await user.untilState(started.id, 'Active')
  await until(() => renewedSince(cluster, back?.now))
  await untilAllSeeAll(user, cluster)
  for (const stream of [...requests, ...messages]) {
    const { made, failures } = await stream.stop()
    t.strictSame(failures, [], `none of ${made} failed`)
  }
  for (const socket of sockets) socket.close()
  t.strictSame(
    await Promise.all(sessions.map((session) => told(user, session))),
    before,
    'each session is the same, and knows what it knew',
  )
  for (const [at, node] of cluster.nodes.entries()) {
    const seen = await sessionsAt(user.at(node.address))
    for (const { id } of sessions)
      t.match(seen.get(id), { state: 'Active', reason: null, reachable: true })
    const said = node.log().slice(since[at])
    t.notOk(
      said.some(({ msg }) => /is lost|are lost/.test(msg)),
      `${node.name} lost nobody`,
    )
  }
  await user.ask('DELETE', `/api/v1/sessions/${started.id}?force=true`)
}

/** True if every node has renewed its lease since then, and is what it was. */
async function renewedSince({ db, nodes }: TestCluster, back: Date | undefined): Promise<boolean> {
  const rows = await db.query(
    `select from atelier.nodes
     where renewed_at > $1 and left_at is null and lost_at is null and epoch = 1`,
    [back],
  )
  return rows.length === nodes.length
}
