// A process of its own: takes uploads and answers how long they were, and echoes WebSocket messages.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'

const [, , socketPath] = process.argv
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
const answer = (request: IncomingMessage, response: ServerResponse) => {
  let length = 0
  request.on('data', (chunk: Buffer) => (length += chunk.length))
  request.on('end', () => response.end(String(length)))
}

const servers = [socketPath, 0].map((address) => {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 300_000 }, answer)
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (data, binary) => webSocket.send(data, { binary }))
    })
  })
  return typeof address === 'string'
    ? server.listen(address)
    : server.listen(address, '127.0.0.1', 4096)
})
const [, tcp] = servers
tcp?.once('listening', () => {
  const at = tcp.address()
  if (at !== null && typeof at === 'object') process.send?.({ port: at.port })
})
process.once('disconnect', () => process.exit())
