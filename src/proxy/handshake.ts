import { type IncomingMessage, request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { AtelierError } from '../errors.ts'
import { HEADER_BYTES } from './target.ts'
import { upstreamError } from './upstream-error.ts'

/** What a browser may send before the IDE has agreed to the upgrade, beyond the request itself. */
const EARLY_BYTES = 65_536

/** The IDE's own answer to an upgrade: the upgraded socket with its first bytes, or a response of another kind. */
export type Handshake =
  | {
      readonly kind: 'upgraded'
      readonly response: IncomingMessage
      readonly socket: Socket
      readonly head: Buffer
    }
  | { readonly kind: 'declined'; readonly response: IncomingMessage }

/**
 * Asks an IDE for the upgrade on `socket`, a connection of its own that may still be under way. Throws IDE_UNREACHABLE,
 * IDE_TIMEOUT, or the reason of `signal`; then the connection is closed.
 */
export function shakeHands(parts: {
  socket: Socket
  path: string
  headers: Readonly<Record<string, string>>
  signal: AbortSignal
}): Promise<Handshake> {
  const { socket: connection, path, headers, signal } = parts
  return new Promise((resolve, reject) => {
    if (signal.aborted || connection.destroyed) {
      connection.destroy()
      const gone = connection.errored ?? new AtelierError('IDE_UNREACHABLE')
      reject(upstreamError(signal.aborted ? signal.reason : gone))
      return
    }
    const request = httpRequest({
      path,
      headers,
      signal,
      maxHeaderSize: HEADER_BYTES,
      createConnection: () => connection,
    })
    request.once('upgrade', (response, socket, head) => {
      if (response.headers.upgrade?.toLowerCase() === 'websocket') {
        resolve({ kind: 'upgraded', response, socket, head })
        return
      }
      socket.destroy()
      reject(new AtelierError('IDE_UNREACHABLE'))
    })
    request.once('response', (response) => resolve({ kind: 'declined', response }))
    request.on('error', (error) => {
      reject(upstreamError(signal.aborted ? signal.reason : error))
    })
    request.end()
  })
}

/**
 * Reads along what a browser sends while the IDE has not agreed to the upgrade, to hand it over in order, and to notice
 * when the browser leaves meanwhile.
 */
export class EarlyBytes {
  readonly #socket: Socket
  readonly #chunks: Buffer[] = []
  readonly #onLeft: () => void
  #length = 0

  constructor(parts: { socket: Socket; head: Buffer; onLeft: () => void }) {
    this.#socket = parts.socket
    this.#onLeft = parts.onLeft
    this.#take(parts.head)
  }

  /** Begins to read. */
  start(): void {
    this.#socket.on('data', this.#take)
    this.#socket.on('end', this.#onLeft)
    this.#socket.on('close', this.#onLeft)
  }

  /** Stops reading and hands over what was read. */
  finish(): readonly Buffer[] {
    this.#socket.off('data', this.#take)
    this.#socket.off('end', this.#onLeft)
    this.#socket.off('close', this.#onLeft)
    this.#socket.pause()
    return this.#chunks
  }

  readonly #take = (chunk: Buffer): void => {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length > EARLY_BYTES) this.#socket.pause()
  }
}
