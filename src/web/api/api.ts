import type { ServerClock } from './server-clock.ts'

const API = '/api/v1'
/** What is wrong with an attempt to sign in, and says nothing of a sign-in that there was. */
const OF_SIGN_IN = new Set(['SIGN_IN_LINK_INVALID', 'SIGN_IN_FAILED'])

/** What the server, or the way to it, said went wrong; `message` is a sentence fit to show. */
export class ApiError extends Error {
  /** A code of the server's list, or NETWORK when no answer came. */
  readonly code: string
  /** The HTTP status; 0 when no answer came. */
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
  }
}

/** What a request carries beside its address. */
interface RequestOptions {
  readonly body?: unknown
  /** The same for each repetition of one request, so that the server carries it out once. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** Speaks with the server's API; every failure is an ApiError, and a missing sign-in is told to `onNotSignedIn` too. */
export class Api {
  readonly #fetch: typeof fetch
  readonly #clock: ServerClock
  readonly #isPersonHere: () => boolean
  readonly #onNotSignedIn: () => void

  constructor({
    fetch,
    clock,
    isPersonHere,
    onNotSignedIn,
  }: {
    fetch: typeof globalThis.fetch
    clock: ServerClock
    /** True if somebody uses the page, so that a request is more than what it asks for by itself. */
    isPersonHere: () => boolean
    onNotSignedIn: () => void
  }) {
    this.#fetch = fetch
    this.#clock = clock
    this.#isPersonHere = isPersonHere
    this.#onNotSignedIn = onNotSignedIn
  }

  /** The JSON of an answer; `null` where the answer has no body. */
  async request<T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options: RequestOptions = {},
  ): Promise<T> {
    const response = await this.#send(method, path, options)
    this.#clock.observe(response.headers.get('date'))
    const text = await response.text().catch(() => '')
    if (response.ok) return (text === '' ? null : JSON.parse(text)) as T
    const error = errorOf(response.status, text)
    if (error.status === 401 && !OF_SIGN_IN.has(error.code)) this.#onNotSignedIn()
    throw error
  }

  async #send(
    method: string,
    path: string,
    { body, idempotencyKey, signal }: RequestOptions,
  ): Promise<Response> {
    try {
      return await this.#fetch(API + path, {
        method,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          ...(this.#isPersonHere() ? { 'x-atelier-person': 'true' } : {}),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (error) {
      if (signal?.aborted === true) throw error
      throw new ApiError('NETWORK', 0, 'The server does not answer. Check your connection.')
    }
  }
}

function errorOf(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: unknown; message: unknown } }
    if (typeof error.code === 'string' && typeof error.message === 'string') {
      return new ApiError(error.code, status, error.message)
    }
  } catch {
    // Not the server's own words: a load balancer's page, for example.
  }
  return new ApiError('UNKNOWN', status, `The server answered with status ${status}. Try again.`)
}
