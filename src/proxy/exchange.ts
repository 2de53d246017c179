import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { AtelierError } from '../errors.ts'
import { responseHeaders } from './headers.ts'
import type { Target } from './targets.ts'
import { upstreamError } from './upstream-error.ts'

/** How the dispatcher finds the exchange: the plugin copies the headers it is given, this key with them. */
export const EXCHANGE: unique symbol = Symbol('exchange')

/** The start of an IDE's answer, as @fastify/reply-from wants it. */
export interface ResponseStart {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  readonly body: Writable
}

/** Told once: the IDE's answer has begun, or there will be none. */
export type OnStart = (error: Error | null, start?: ResponseStart) => void

/**
 * One request on its way to an IDE and its answer on the way back, chunk by chunk and no faster than the browser reads.
 * The IDE's side ends as soon as the browser leaves, and the browser's as soon as the IDE fails.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What the plugin hands through to the dispatcher in place of headers. */
  readonly carrier: { readonly [EXCHANGE]: Exchange } = { [EXCHANGE]: this }
  readonly #onUsed: () => unknown
  #controller: Dispatcher.DispatchController | undefined
  #onStart: OnStart | undefined
  #gone = false
  #begun = false
  #head: IncomingHttpHeaders = {}
  #successful = false

  constructor(parts: {
    request: IncomingMessage
    response: ServerResponse
    target: Target
    path: string
    headers: Readonly<Record<string, string>>
    /** Called when the IDE answered well, and when that answer has ended. */
    onUsed: () => unknown
  }) {
    this.request = parts.request
    this.response = parts.response
    this.target = parts.target
    this.path = parts.path
    this.headers = parts.headers
    this.#onUsed = parts.onUsed
  }

  /** Sends the request once, without a second try. */
  start(onStart: OnStart): void {
    this.#onStart = onStart
    this.response.once('close', () => this.#leave())
    if (this.response.destroyed || this.request.socket.destroyed) {
      this.#leave()
      this.onResponseError(undefined, new AtelierError('CLIENT_GONE'))
      return
    }
    const { request, target, path, headers } = this
    const method = request.method ?? 'GET'
    try {
      target.pool.dispatch({ path, method, headers, body: hasBody(request) ? request : null }, this)
    } catch (error) {
      this.onResponseError(undefined, error)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#gone) controller.abort(new AtelierError('CLIENT_GONE'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    // An upgrade that nobody asked for.
    if (statusCode === 101) controller.abort(new AtelierError('IDE_UNREACHABLE'))
    if (statusCode < 200) return
    this.target.reachable = true
    this.#successful = statusCode < 400
    if (this.#successful) this.#onUsed()
    this.#head = headers
    const onStart = this.#onStart
    this.#onStart = undefined
    // The plugin is told no headers, as it would copy each of them thrice, and gets a stream that it may destroy.
    onStart?.(null, { statusCode, headers: {}, body: this.response })
    if (!this.#begun) controller.abort(new AtelierError('CLIENT_GONE'))
  }

  /** Begins the answer to the browser with the IDE's headers; the chunks of the body follow by themselves. */
  begin(statusCode: number): void {
    this.#begun = true
    const { request, response, target } = this
    const headers = responseHeaders(this.#head, request.headers.host, target.headers)
    // What is left of the request's body would be read as the next request.
    if (!request.complete) headers.connection = 'close'
    response.writeHead(statusCode, headers)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.response.destroyed || this.response.write(chunk)) return
    controller.pause()
    this.response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    if (this.#successful) this.#onUsed()
    this.response.end()
  }

  onResponseError(_controller: unknown, error: unknown): void {
    const onStart = this.#onStart
    this.#onStart = undefined
    if (onStart !== undefined) {
      onStart(this.#gone ? new AtelierError('CLIENT_GONE') : upstreamError(error))
    } else if (this.#begun) {
      this.response.destroy()
    }
  }

  #leave(): void {
    if (this.response.writableFinished) return
    this.#gone = true
    this.#controller?.abort(new AtelierError('CLIENT_GONE'))
  }
}

/** True if the request has a body, whatever its method. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}
