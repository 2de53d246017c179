import { Agent, request, type Dispatcher } from 'undici'
import { ZodError, z } from 'zod'
import { AtelierError, ERRORS, type ErrorCode } from '../errors.ts'
import { failure, USER_HEADER } from './api-schemas.ts'
import type { User } from './job.ts'
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
 * Requests to the Launcher behind a unix socket. Whatever is neither an answer nor a refusal is LAUNCHER_UNAVAILABLE, or
 * INTERNAL if the answer is not understood.
 */
export class LauncherHttp {
  readonly #agent: Agent
  readonly lookLimit: number
  readonly #actLimit: number

  /**
   * `socket` is the path where LauncherService listens; it need not exist yet. The limits are how long an answer may
   * take (ms): to a mere look at jobs (default 5 000), and to what is done or read (default 15 000).
   */
  constructor(options: { socket: string; lookLimit?: number; actLimit?: number }) {
    const { socket, lookLimit = 5_000, actLimit = 15_000 } = options
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
    const { user, method = 'GET', body } = ask
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const answer = await request(`http://launcher${path}`, {
      method,
      headers: { ...json, ...ask.headers, [USER_HEADER]: encodeURIComponent(user) },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      dispatcher: this.#agent,
    })
    if (answer.statusCode < 400) return answer
    const { error } = failure.parse(await answer.body.json())
    throw new AtelierError(isErrorCode(error.code) ? error.code : 'INTERNAL', error.message)
  }
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
