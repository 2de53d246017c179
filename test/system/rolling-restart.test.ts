import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { SessionAnswer } from '../fixtures/api.ts'
import { startTestCluster } from '../fixtures/cluster.ts'
import { untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { FaithfulSocket } from '../fixtures/faithful-socket.ts'
import { execute, startKernel } from '../fixtures/kernel.ts'
import { startNginx } from '../fixtures/nginx.ts'
import { rollNodes, traces } from '../fixtures/rolling.ts'
import { type LoadRequest, steadyLoad } from '../fixtures/steady-load.ts'
import { until } from '../fixtures/until.ts'

const PER_SECOND = 200
const SOCKETS = 50
// In one piece: what print adds is a message of its own.
const PRINT_PID = 'import os, sys; _ = sys.stdout.write(str(os.getpid()))'
const EVENT = JSON.stringify({
  schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1',
  version: '1',
  data: { action: 'get', path: 'load' },
})

t.test('nodes are restarted one after the other under load, behind nginx', async (t) => {
  const cluster = await startTestCluster(t, {
    networked: true,
    settings: { api: { requests_per_minute: 1_000_000 } },
  })
  const { nodes, db, network } = cluster
  const [first] = nodes
  if (first === undefined || network === undefined) throw new Error('there is no node')
  const nginx = await startNginx(t, {
    host: network.own,
    nodes: nodes.map(({ address }) => new URL(address).host),
  })
  const user = (await cluster.signIn(first)).at(nginx.address)
  await untilAllSeeAll(user, cluster)
  const sessions: SessionAnswer[] = []
  for (const _ of nodes) sessions.push(await user.start('jupyterlab'))
  t.equal(new Set(sessions.map(({ node }) => node)).size, 3, 'there is a session on each node')
  const kernels = await Promise.all(
    sessions.map(async ({ url }) => {
      const kernel = await startKernel(user, url)
      const pid = await kernel.run(PRINT_PID)
      return { kernel, pid, channels: `${url}api/kernels/${kernel.id}/channels` }
    }),
  )

  const sockets = Array.from({ length: SOCKETS }, (_, at) => {
    const events = `${sessions[at % 3]?.url}api/events/subscribe`
    const isEvents = at % 5 === 0
    const path = isEvents ? events : (kernels[at % 3]?.channels ?? '')
    return { at, isEvents, socket: new FaithfulSocket({ user, path }) }
  })
  for (const { socket } of sockets) socket.start(t)
  await until(() => sockets.every(({ socket }) => socket.isOpen))
  const before = await traces(db, cluster)

  const load = steadyLoad({
    perSecond: PER_SECOND,
    headers: { cookie: user.cookie },
    next: (count) => loadRequest(nginx.address, sessions, count),
  })
  const someRequests = (count = load.answered + 2 * PER_SECOND) =>
    until(() => load.answered > count || load.failures.length > 0)
  await someRequests()
  await rollNodes(cluster, user, () => someRequests().then(() => undefined))
  const rate = await load.stop()

  t.strictSame(load.failures.slice(0, 10), [], 'no request failed')
  t.strictSame(await traces(db, cluster), before, 'all sessions run on, in the same processes')
  for (const { kernel, pid } of kernels) {
    t.equal(await kernel.run(PRINT_PID), pid, 'in the same kernel')
  }
  for (const { at, isEvents, socket } of sockets) {
    await until(() => socket.isOpen)
    if (isEvents) continue
    const id = randomUUID()
    const answer = await socket.ask(
      execute(id, PRINT_PID),
      (message) => message.includes(id) && message.includes('"stream"'),
    )
    const { content } = JSON.parse(answer) as { content: { text: string } }
    if (content.text !== kernels[at % 3]?.pid) t.fail(`${at} is at another kernel: ${answer}`)
  }
  const again = sockets.reduce((sum, { socket }) => sum + socket.opened - 1, 0)
  t.ok(again > 0, 'WebSockets were cut, and opened again to the same kernels')

  const lines = await nginx.log()
  const hidden = lines.filter(({ tries }) => tries.length > 1)
  t.comment(
    `${load.answered} requests, ${rate.toFixed(0)} in a second, ${load.failures.length} failed`,
  )
  t.comment(`nginx has tried the next node for ${hidden.length} requests`)
  t.comment(`the slowest request took ${load.slowest.toFixed(0)} ms`)
  const away = Math.max(...sockets.map(({ socket }) => socket.longestAway))
  t.comment(`${again} WebSockets were opened again, the longest was away for ${away.toFixed(0)} ms`)
})

/** The mix: most go to sessions, some to the API, and some have a body and may not be repeated. */
function loadRequest(
  address: string,
  sessions: readonly SessionAnswer[],
  count: number,
): LoadRequest {
  const session = `${address}${sessions[count % sessions.length]?.url}`
  if (count % 10 === 0) return { method: 'POST', url: `${session}api/events`, body: EVENT }
  if (count % 10 < 4) return { method: 'GET', url: `${address}/api/v1/sessions` }
  return { method: 'GET', url: `${session}api/status` }
}
