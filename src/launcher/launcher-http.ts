import { Agent, request, type Dispatcher } from 'undici'
import { ZodError, type z } from 'zod'
import { AtelierError, ERRORS, type ErrorCode } from '../errors.ts'
import { failure, USER_HEADER } from './api-schemas.ts'
import type { User } from './job.ts'
import { KEY_HEADER, ShownKey } from './launcher-key.ts'
import { fromLines } from './ndjson.ts'

/** A request to the Launcher beside its path: for whom it is made, and what is sent. */
export interface Ask {
  readonly user: User
  readonly method?: 'GET' | 'POST' | 'PUT'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** How long the answer may take, in ms; `actLimit` without it. */
  readonly limit?: number
}

/**
 * Where LauncherService listens, and the file with its key; neither need exist yet. The limits are how long an answer may
 * take (ms): to a mere look at jobs (default 5 000), and to what is done or read (default 15 000).
 */
export interface LauncherPlace {
  readonly socket: string
  readonly keyFile: string
  readonly lookLimit?: number
  readonly actLimit?: number
}

/**
 * Requests to the Launcher behind a unix socket. Whatever is neither an answer nor a refusal is LAUNCHER_UNAVAILABLE, or
 * INTERNAL if the answer is not understood.
 */
export class LauncherHttp {
  readonly #agent: Agent
  readonly #key: ShownKey
  readonly lookLimit: number
  readonly #actLimit: number

  constructor({ socket, keyFile, lookLimit = 5_000, actLimit = 15_000 }: LauncherPlace) {
    this.#key = new ShownKey(keyFile)
    this.lookLimit = lookLimit
    this.#actLimit = actLimit
    // Without pipelining connections are not reused: one left over from before a restart would fail a good request.
    this.#agent = new Agent({
      connect: { socketPath: socket },
      pipelining: 0,
      headersTimeout: 60_000,
      bodyTimeout: 0,
    })
  }

  /** Breaks off everything under way. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  /** The text of an answer. */
  async text(path: string, ask: Ask): Promise<string> {
    return (await this.#whole(path, ask)).text
  }

  /** A JSON answer, and its headers. */
  async json<S extends z.ZodType>(
    path: string,
    schema: S,
    ask: Ask,
  ): Promise<{ readonly value: z.output<S>; readonly header: (name: string) => string }> {
    const { text, headers } = await this.#whole(path, ask)
    return {
      value: parse(schema, text),
      header: (name) => [headers[name.toLowerCase()] ?? ''].flat().join(','),
    }
  }

  /** The values of a stream of lines; it just ends when `signal` aborts. */
  async *lines<S extends z.ZodType>(
    path: string,
    schema: S,
    { signal, ...ask }: Ask & { readonly signal: AbortSignal },
  ): AsyncGenerator<z.output<S>> {
    try {
      const { body } = await this.#ask(path, ask, signal)
      for await (const value of fromLines(body)) yield schema.parse(value)
    } catch (error) {
      if (!signal.aborted) throw toAtelierError(error)
    }
  }

  async #whole(path: string, ask: Ask) {
    try {
      const limit = ask.limit ?? this.#actLimit
      const { body, headers } = await this.#ask(path, ask, AbortSignal.timeout(limit))
      return { text: await body.text(), headers }
    } catch (error) {
      throw toAtelierError(error)
    }
  }

  /** A good answer; throws the error that the Launcher answered. */
  async #ask(path: string, ask: Ask, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const answer = await this.#show(path, ask, signal)
    if (answer.statusCode < 400) return answer
    const { error } = failure.parse(await answer.body.json())
    throw new AtelierError(isErrorCode(error.code) ? error.code : 'INTERNAL', error.message)
  }

  /** Shows the key; one that is refused is read again, as the Launcher may have a new one. */
  async #show(path: string, ask: Ask, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { header } = this.#key
    const answer = await this.#send(path, ask, { key: header, signal })
    if (!isRefused(answer)) return answer
    await answer.body.dump()
    if (this.#key.reread(header)) {
      const again = await this.#send(path, ask, { key: this.#key.header, signal })
      if (!isRefused(again)) return again
      await again.body.dump()
    }
    throw new Error('The Launcher refuses its key.')
  }

  #send(
    path: string,
    { user, method = 'GET', body, headers }: Ask,
    { key, signal }: { key: string; signal: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    const shown = { ...headers, [KEY_HEADER]: key, [USER_HEADER]: encodeURIComponent(user) }
    const json = { 'Content-Type': 'application/json' }
    return request(`http://launcher${path}`, {
      method,
      headers: body === undefined ? shown : { ...shown, ...json },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      dispatcher: this.#agent,
    })
  }
}

/** All else that it answers says what it is. */
function isRefused({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  return statusCode === 403 && headers['content-type'] === undefined
}

function parse<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw toAtelierError(error)
  }
}

/** Whatever is neither an answer nor a refusal means that the Launcher is not there, or not all there. */
function toAtelierError(error: unknown): AtelierError {
  if (error instanceof AtelierError) return error
  const misunderstood = error instanceof ZodError || error instanceof SyntaxError
  const code = misunderstood ? 'INTERNAL' : 'LAUNCHER_UNAVAILABLE'
  return new AtelierError(code, undefined, { cause: error })
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}
