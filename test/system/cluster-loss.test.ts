import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { dataDirectory } from '../fixtures/atelier.ts'
import { type LogLine, startTestCluster, type TestNode } from '../fixtures/cluster.ts'
import { sessionsAt, startOnEach, untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { placePlainIde, told } from '../fixtures/plain-ide.ts'
import { until } from '../fixtures/until.ts'

/** That the network is bad for so long is the story. */
const BAD_MS = 60_000
const LOST_PERCENT = 20
/** A false death lasts if nobody has taken it back by then. */
const LASTS_MS = 15_000

t.test('a fifth of all datagrams is lost for 60 s, and nobody dies of it', async (t) => {
  const ides = { directory: await placePlainIde(await dataDirectory(t)) }
  const cluster = await startTestCluster(t, { networked: true, settings: { ides } })
  const [one] = cluster.nodes
  if (one === undefined) throw new Error('there is no node')
  const user = await cluster.signIn(one)
  const sessions = await startOnEach(user, cluster)
  const before = await Promise.all(sessions.map((session) => told(user, session, 'remember')))

  // What comes in is lost at each of them, so that every way loses in both directions.
  for (const { host } of cluster.nodes) host?.loseDatagrams(LOST_PERCENT)
  await delay(BAD_MS)
  await until(() => cluster.nodes.every((node) => lastingDeaths(node).length === 0))
  for (const { host, name } of cluster.nodes) {
    t.ok((host?.lostDatagrams() ?? 0) > 20, `${name} lost ${host?.lostDatagrams()} datagrams`)
    host?.heal()
  }

  await untilAllSeeAll(user, cluster)
  for (const node of cluster.nodes) {
    const deaths = deathsIn(node)
    t.comment(`${node.name} took somebody for dead ${deaths.length} times`)
    t.strictSame(
      deaths.filter(({ forMs }) => forMs > LASTS_MS),
      [],
      'no false death lasted',
    )
    const seen = await sessionsAt(user.at(node.address))
    for (const { id } of sessions)
      t.match(seen.get(id), { state: 'Active', reason: null, reachable: true })
  }
  t.strictSame(await Promise.all(sessions.map((session) => told(user, session))), before)
})

interface Death {
  readonly of: unknown
  /** How long until it was taken back; without end if it was not. */
  readonly forMs: number
}

/** Whom this node took for dead, and for how long. */
function deathsIn(node: TestNode): readonly Death[] {
  const lines = node.log()
  return lines.flatMap((line, at) => {
    if (line.msg !== 'a node does not answer') return []
    const back = lines
      .slice(at)
      .find((later) => later.msg === 'a node is here' && later['node'] === line['node'])
    const forMs = back === undefined ? Infinity : timeOf(back) - timeOf(line)
    return [{ of: line['node'], forMs }]
  })
}

/** Those of them that were not taken back yet. */
function lastingDeaths(node: TestNode): readonly Death[] {
  return deathsIn(node).filter(({ forMs }) => forMs === Infinity)
}

function timeOf(line: LogLine): number {
  return Date.parse(String(line['time']))
}
