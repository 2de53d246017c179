import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer as createNetServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws'
import { type Teardown, upstream } from './stage.ts'

/** The header lines of a request for a WebSocket. */
export const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

/** An IDE that speaks WebSocket as `options` say. */
export async function webSocketIde(t: Teardown, options: ServerOptions = {}) {
  const ide = await upstream(t)
  const sockets = new WebSocketServer({ ...options, server: ide.server })
  const requests: IncomingMessage[] = []
  sockets.on('connection', (_socket, request) => requests.push(request))
  return { ...ide, webSockets: sockets, requests }
}

/** An IDE that handles its connections byte by byte. */
export async function rawIde(
  t: Teardown,
  onSocket: (socket: Socket) => void,
  allowHalfOpen = false,
) {
  const directory = mkdtempSync(join(tmpdir(), 'proxy-'))
  const path = join(directory, 'ide.sock')
  const open = new Set<Socket>()
  const server = createNetServer({ allowHalfOpen }, (socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    onSocket(socket)
  })
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  return { path, open }
}

/** A browser's WebSocket. */
export function browse(
  port: number,
  path: string,
  protocols: string[] = [],
  options = {},
): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options)
  socket.on('error', () => {})
  return socket
}

/** A browser's socket that has sent an upgrade, and all that came back. */
export function begin(port: number, path = '/s/one/ws', behind = '') {
  const socket = connect(port, '127.0.0.1')
  const got = { text: '' }
  socket.on('error', () => {})
  socket.on('data', (chunk) => (got.text += chunk.toString('latin1')))
  socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n${UPGRADE}\r\n${behind}`)
  return { socket, got }
}
