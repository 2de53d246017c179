import { once } from 'node:events'
import t from 'tap'
import { WebSocket } from 'ws'
import { SealedHops } from '../../src/peers/sealed-hops.ts'
import type { ApiUser, SessionAnswer } from '../fixtures/api.ts'
import { startTestCluster, type TestCluster } from '../fixtures/cluster.ts'
import { untilSeen } from '../fixtures/cluster-view.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

const ROUTING = { mode: 'single-node' }
/** Serves a word on a free port of the session's host, and prints the port. */
const APP = `
import http.server, threading
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'an app')
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), App)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1])
`

t.test('in single-node mode the first node takes browsers for all', async (t) => {
  const cluster = await startTestCluster(t, { settings: { routing: ROUTING } })
  const { nodes } = cluster
  const first = await firstNode(cluster)
  const others = nodes.filter((node) => node !== first)
  const user = await cluster.signIn(first)
  for (const { address } of others) {
    // What others know of its address follows its start.
    await until(async () => (await leadsTo(user.at(address), '/')) === `${first.address}/`)
  }
  for (const { name } of nodes) await untilSeen(user, [first], name, 'alive')
  const sessions: SessionAnswer[] = []
  for (const _ of nodes) sessions.push(await user.start('jupyterlab'))
  t.equal(new Set(sessions.map(({ node }) => node)).size, 3, 'there is a session on each node')
  const its = sessions.find(({ node }) => node !== first.name)
  if (its === undefined) throw new Error('all sessions are at the first node')

  await t.test('it serves the sessions of all nodes', async (t) => {
    for (const { node, url } of sessions) {
      t.equal((await user.fetch(`${url}api/status`)).status, 200, `a session of ${node}`)
    }
    const kernel = await startKernel(user, its.url)
    t.equal(await kernel.run('print(6 * 7)'), '42\n', 'a WebSocket')
    t.match(await firstEvent(user, `/api/v1/sessions/${its.id}/output`), /"output":/)
    const port = Number(await kernel.run(APP))
    const ports = `/api/v1/sessions/${its.id}/ports`
    await until(async () => JSON.stringify((await user.ask('GET', ports)).body).includes(`${port}`))
    const app = await user.fetch(`${its.url}p/${port}/`)
    t.strictSame([app.status, await app.text()], [200, 'an app'])
  })

  await t.test('browsers at the others are led to it', async (t) => {
    const paths = ['/', '/sessions?ide=vscode', '/api/v1/sessions?limit=2', `${its.url}lab?reset`]
    for (const { address, name } of others) {
      const there = user.at(address)
      for (const path of paths) {
        t.equal(await leadsTo(there, path), first.address + path, `${path} at ${name}`)
      }
      const start = await there.ask('POST', '/api/v1/sessions', { ide: 'jupyterlab' })
      t.equal(start.status, 307)
      t.equal(start.headers.get('location'), `${first.address}/api/v1/sessions`)
      t.equal(await upgradeStatus(there, `${its.url}api/events/subscribe`), 421)
    }
    for (const { address, name } of nodes) {
      for (const path of ['/health', '/ready']) {
        t.equal((await user.at(address).fetch(path)).status, 200, `${path} of ${name}`)
      }
    }
  })

  await t.test('who claims to be a node is refused by all', async (t) => {
    const path = `${its.url}api/status`
    const hops = new SealedHops({ key: Buffer.alloc(32, 'x'), node: first.name })
    const client = { address: '127.0.0.1', scheme: 'http' } as const
    for (const { address, name } of nodes) {
      const there = user.at(address)
      const sealed = hops.seal({ method: 'GET', url: path }, { session: its.id, to: name, client })
      for (const hop of ['', 'x', sealed]) {
        const headers = { 'x-atelier-hop': hop }
        for (const asked of [path, '/api/v1/sessions', '/api/v1/nodes', '/']) {
          const answer = await there.fetch(asked, { headers })
          t.equal(answer.status, 403, `${asked} at ${name}`)
          const { error } = (await answer.json()) as { error: { code: string } }
          t.equal(error.code, 'HOP_REFUSED')
          t.equal(answer.headers.get('set-cookie'), null)
        }
        t.equal(await upgradeStatus(there, `${its.url}api/events/subscribe`, headers), 403)
      }
    }
  })

  await t.test(
    'routing.direct lets an administrator in at the own address of a node',
    async (t) => {
      const direct = await cluster.add('node-4', { routing: { ...ROUTING, direct: true } })
      await direct.revive()
      const there = user.at(direct.address)
      for (const path of ['/', '/api/v1/nodes', `${its.url}api/status`]) {
        t.equal((await there.fetch(path)).status, 200, path)
      }
      const kernel = await startKernel(there, its.url)
      t.equal(await kernel.run('print(6 * 7)'), '42\n', 'a WebSocket')
    },
  )
})

/** The node that was the first in the cluster, by the table. */
async function firstNode({ db, nodes }: TestCluster) {
  const [row] = await db.query<{ name: string }>(
    'select name from atelier.nodes order by joined_at, name limit 1',
  )
  const found = nodes.find(({ name }) => name === row?.name)
  if (found === undefined) throw new Error('there is no first node')
  return found
}

/** Where a browser is led that asks for this path; null if nowhere. */
async function leadsTo(user: ApiUser, path: string): Promise<string | null> {
  const { status, headers } = await user.fetch(path)
  return status === 307 ? headers.get('location') : null
}

async function upgradeStatus(user: ApiUser, path: string, headers = {}): Promise<unknown> {
  const socket = new WebSocket(user.address.replace('http', 'ws') + path, {
    headers: { cookie: user.cookie, origin: user.address, ...headers },
  })
  socket.on('error', () => undefined)
  const [, response] = await once(socket, 'unexpected-response')
  socket.terminate()
  return response.statusCode
}

/** The data of the first event of a stream, which is then left. */
async function firstEvent(user: ApiUser, path: string): Promise<string> {
  const leave = new AbortController()
  const { body } = await user.fetch(path, { signal: leave.signal })
  let text = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const [, data] = /^data: (.*)\n/m.exec(text) ?? []
    if (data !== undefined) return data
  }
  throw new Error(`no event came: ${text}`)
}
