import t from 'tap'
import type { ApiUser } from '../fixtures/api.ts'
import { startTestCluster, type TestNode } from '../fixtures/cluster.ts'
import { untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { GhostSessions } from '../fixtures/ghost-sessions.ts'
import { followSessions } from '../fixtures/session-news.ts'
import { ListeningBackends } from '../fixtures/sick-listeners.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

const SESSIONS = 1000

t.test('nodes know all sessions after their listeners were killed, frozen and cut', async (t) => {
  const cluster = await startTestCluster(t)
  const { nodes, db } = cluster
  const [one, two, three] = threeOf(nodes)
  const user = await cluster.signIn(one)
  await untilAllSeeAll(user, cluster)
  const { body: me } = await user.ask<{ user: string }>('GET', '/api/v1/me')
  const ghosts = new GhostSessions({ db, user: me.user })
  await ghosts.join()
  const news = await Promise.all(nodes.map((node) => followSessions(t, user.at(node.address))))
  const backends = new ListeningBackends(t, db)

  const rounds: [killed: TestNode, frozen: TestNode, cut: TestNode][] = [
    [one, two, three],
    [two, three, one],
    [three, one, two],
  ]
  for (const [killed, frozen, cut] of rounds) {
    const before = await Promise.all(nodes.map(({ name }) => backends.of(name)))
    await Promise.all([ghosts.live(50), backends.kill(killed.name)])
    await Promise.all([ghosts.live(50), backends.freeze(frozen.name)])
    cut.database.cut()
    await ghosts.live(100)
    const isBack = async (node: TestNode, at: number) =>
      until(async () => (await backends.of(node.name)) !== before[at])
    await Promise.all([
      ghosts.live(100).then(() => cut.database.heal()),
      ...nodes.map((node, at) => isBack(node, at)),
    ])
  }
  await ghosts.live(SESSIONS - ghosts.count)
  t.equal(ghosts.count, SESSIONS)

  const rows = await db.query<{ id: string; node: string; version: number }>(
    'select id, node, version from atelier.sessions order by id',
  )
  t.equal(rows.length, SESSIONS - ghosts.removed.size)
  for (const [at, node] of nodes.entries()) {
    const here = user.at(node.address)
    await until(
      async () => JSON.stringify(await known(here, ghosts.nodes)) === JSON.stringify(rows),
    )
    t.strictSame(await known(here, ghosts.nodes), rows, `${node.name} knows what the table has`)
    t.ok((news[at]?.removed.size ?? 0) > 0, `${node.name} has told of sessions that are gone`)
    t.strictSame(news[at]?.returned, [], 'and of none of them again')
    const again = node.log().filter(({ msg }) => msg === 'listening for hints again')
    t.ok(again.length >= rounds.length, `${node.name} listens again after each`)
  }
  t.comment(`${SESSIONS} sessions, ${rows.length} are left`)
})

/** What a node has in memory of the sessions of these nodes, by id. */
async function known(user: ApiUser, names: readonly string[]): Promise<readonly object[]> {
  const held = await Promise.all(
    names.map(async (node) => {
      const path = `/api/v1/nodes/${node}/sessions`
      const { body } = await user.ask<{ items: { id: string; version: number }[] }>('GET', path)
      return body.items.map(({ id, version }) => ({ id, node, version }))
    }),
  )
  return held.flat().sort((a, b) => (a.id < b.id ? -1 : 1))
}
