import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import t from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { ask, session, stage, until, upstream } from './stage.ts'

t.test('a stop lets requests finish, late ones too, and closes tunnels last', async (t) => {
  const ide = await upstream(t)
  const open: ServerResponse[] = []
  ide.server.on('request', (_request, response: ServerResponse) => void open.push(response))
  new WebSocketServer({ server: ide.server })
  const { plane, port } = await stage(t, { sessions: [session('one', ide.path)] })
  const socket = new WebSocket(`ws://127.0.0.1:${port}/s/one/ws`)
  await once(socket, 'open')
  const asked = ask(port, '/s/one/slow')
  await until('the IDE is asked', () => open.length === 1)
  const stopped = plane.stop(60_000)
  const late = ask(port, '/s/one/late')
  await until('the IDE is asked once more', () => open.length === 2)
  const refused = new WebSocket(`ws://127.0.0.1:${port}/s/one/ws`)
  refused.on('error', () => {})
  const [, response] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage]
  t.equal(response.statusCode, 503)
  t.equal(socket.readyState, WebSocket.OPEN)
  open[0]?.end('done')
  t.equal(String((await asked).body), 'done')
  t.equal(socket.readyState, WebSocket.OPEN)
  open[1]?.end('done too')
  t.equal(String((await late).body), 'done too')
  await once(socket, 'close')
  await stopped
  const tooLate = await ask(port, '/s/one/late')
  t.match(tooLate, { status: 503, headers: { 'retry-after': '1' } })
  t.match(JSON.parse(String(tooLate.body)), { error: { code: 'NODE_STOPPING' } })
  await until('no connection is left', () => ide.sockets.size === 0)
})

t.test('a stop cuts off what does not finish in time', async (t) => {
  const ide = await upstream(t)
  ide.server.on(
    'request',
    (_request, response: ServerResponse) => void response.write('data: 1\n\n'),
  )
  const { plane, port } = await stage(t, { sessions: [session('one', ide.path)] })
  const browser = httpRequest({ port, path: '/s/one/events', agent: new Agent() }).end()
  const [response] = (await once(browser, 'response')) as [IncomingMessage]
  let cutOff = false
  response.on('error', () => (cutOff = true))
  response.resume()
  await plane.stop(50)
  await until('the browser is cut off', () => cutOff)
  await until('no connection is left', () => ide.sockets.size === 0)
})
