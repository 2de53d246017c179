import { type IncomingHttpHeaders, type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The head of the answer that agrees to an upgrade, as bytes for the socket; `headers` are the IDE's. */
export function switchingProtocols(headers: IncomingHttpHeaders): Buffer {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', 'upgrade: websocket']
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values].flat()) lines.push(`${name}: ${value}`)
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

/**
 * An HTTP response on a socket that Node handed over for an upgrade. It is the last one: what the browser sends behind
 * its request is thrown away, and the socket is closed after the response or when the browser leaves.
 */
export function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.once('finish', () => socket.destroySoon())
  // Whatever the error, 'close' comes next.
  socket.on('error', () => {})
  socket.once('end', () => socket.destroySoon())
  socket.resume()
  return response
}

/** Answers an upgrade with the IDE's own refusal, and ends the IDE's side when the browser leaves. */
export function relay(
  answer: IncomingMessage,
  headers: IncomingHttpHeaders,
  response: ServerResponse,
): void {
  response.once('close', () => answer.destroy())
  answer.once('error', () => response.destroy())
  response.writeHead(answer.statusCode ?? 502, headers)
  answer.pipe(response)
}
