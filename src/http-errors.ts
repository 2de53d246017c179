import { STATUS_CODES, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { AtelierError, systemCode, type ErrorCode } from './errors.ts'

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'REQUEST_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

/** Answers what Node's own parser refuses, which no handler ever sees, in the form of all our errors. */
export function answerParserErrors(server: Server): void {
  server.on('clientError', (error, socket) => {
    // Whatever came after the beginning of an answer would be read as a part of it.
    if (!socket.writable || hasBegunAnswer(socket)) return void socket.destroy()
    const code = CODES[systemCode(error) ?? ''] ?? 'BAD_REQUEST'
    const message = code === 'BAD_REQUEST' ? 'This is not a request of HTTP/1.1.' : undefined
    endWithError(socket, new AtelierError(code, message))
  })
}

/** Answers an error on a connection that Node has given up to us, and closes it. */
export function endWithError(socket: Duplex, error: AtelierError): void {
  const body = JSON.stringify(error)
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** True while a request of this connection is being answered. */
export function isBeingAnswered(socket: Duplex): boolean {
  return answerOn(socket) !== null
}

function hasBegunAnswer(socket: Duplex): boolean {
  return answerOn(socket)?.headersSent === true
}

// Node keeps the answer that is under way here, and looks at it in the same cases (lib/_http_server.js).
function answerOn(socket: Duplex): { readonly headersSent?: boolean } | null {
  return '_httpMessage' in socket ? (socket._httpMessage as { headersSent?: boolean } | null) : null
}
