import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { AtelierError } from '../errors.ts'
import type { Target } from './target.ts'
import { upstreamError } from './upstream-error.ts'

/**
 * One request on its way to an IDE or another node and its answer on the way back, chunk by chunk and no faster than the browser reads.
 * The IDE's side ends as soon as the browser leaves, and the browser's as soon as the IDE fails.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly #body: IncomingMessage | Buffer | null
  readonly #cookie: string | undefined
  readonly #onLeft = (): void => this.#leave()
  readonly #onUsed: () => unknown
  readonly #onFailed: (error: AtelierError) => void
  #controller: Dispatcher.DispatchController | undefined
  #gone = false
  #begun = false
  #failed = false
  #hasData = false
  #successful = false

  constructor(parts: {
    request: IncomingMessage
    response: ServerResponse
    target: Target
    path: string
    headers: Readonly<Record<string, string>>
    /** The request's body, if it has been read already. */
    body?: Buffer | undefined
    /** A Set-Cookie header of ours for the answer. */
    cookie?: string | undefined
    /** Called when the IDE answered well, and when that answer has ended. */
    onUsed: () => unknown
    /** Called when there is no answer, unless it had begun: then the browser's connection is closed. */
    onFailed: (error: AtelierError) => void
  }) {
    this.request = parts.request
    this.response = parts.response
    this.target = parts.target
    this.path = parts.path
    this.headers = parts.headers
    this.#body = parts.body ?? (hasBody(parts.request) ? parts.request : null)
    this.#cookie = parts.cookie
    this.#onUsed = parts.onUsed
    this.#onFailed = parts.onFailed
  }

  /** True once something of the request may have been sent. */
  get isSent(): boolean {
    return this.#controller !== undefined
  }

  /** Gives up waiting for the answer, if none has begun; the error is told as one of the way there. */
  giveUp(error: AtelierError): void {
    if (!this.#begun) this.#controller?.abort(error)
  }

  /** True once the answer has begun, or there will be none. */
  get isEnded(): boolean {
    return this.#begun || this.#failed
  }

  /** Sends the request once, without a second try. */
  start(): void {
    this.response.once('close', this.#onLeft)
    if (this.response.destroyed || this.request.socket.destroyed) {
      this.#leave()
      this.onResponseError(undefined, new AtelierError('CLIENT_GONE'))
      return
    }
    const { request, target, path, headers } = this
    const method = request.method ?? 'GET'
    try {
      target.pool.dispatch({ path, method, headers, body: this.#body }, this)
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
    // An upgrade that nobody asked for, or no status of HTTP (RFC 9110, 15).
    if (statusCode === 101 || statusCode < 100 || statusCode > 599) {
      controller.abort(new AtelierError('IDE_UNREACHABLE'))
      return
    }
    if (statusCode < 200) return
    this.target.reachable = true
    const refusal = this.target.refusalOf?.(statusCode, headers)
    if (refusal !== undefined) {
      controller.abort(refusal)
      return
    }
    this.#successful = statusCode < 400
    if (this.#successful) this.#onUsed()
    if (this.response.destroyed) {
      controller.abort(new AtelierError('CLIENT_GONE'))
      return
    }
    this.#begin(statusCode, headers)
  }

  #begin(statusCode: number, head: IncomingHttpHeaders): void {
    const { request, response, target } = this
    const headers = target.responseHeaders(head, request.headers.host)
    // What is left of the request's body would be read as the next request.
    if (!request.complete) headers.connection = 'close'
    const isEmpty = statusCode === 204 || statusCode === 304
    // The length that a 304 may tell is that of what it does not send (RFC 9110, 8.6), and undici waits for it.
    if (isEmpty) delete headers['content-length']
    if (this.#cookie !== undefined) {
      headers['set-cookie'] = [...(headers['set-cookie'] ?? []), this.#cookie]
      // It is for this browser alone, whatever a cache on the way may keep.
      headers['cache-control'] = 'private, no-store'
    }
    response.writeHead(statusCode, headers)
    this.#begun = true
    if (isEmpty) response.end()
    else queueMicrotask(() => this.#flush())
  }

  // A stream of events is open before its first event; a body that came along with the head goes with it in one piece.
  #flush(): void {
    const { response } = this
    if (!this.#hasData && !response.writableEnded && !response.destroyed) response.flushHeaders()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#hasData = true
    if (this.response.destroyed || this.response.writableEnded || this.response.write(chunk)) return
    controller.pause()
    this.response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    if (this.#successful) this.#onUsed()
    this.response.end()
  }

  onResponseError(_controller: unknown, error: unknown): void {
    if (this.response.writableEnded) return
    if (this.#begun) {
      this.response.destroy()
      return
    }
    this.#failed = true
    // There may be another exchange for the same response.
    this.response.off('close', this.#onLeft)
    this.#onFailed(this.#gone ? new AtelierError('CLIENT_GONE') : upstreamError(error))
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
