import { Agent, request, type Dispatcher } from 'undici'
import { ZodError, z } from 'zod'
import { AtelierError, ERRORS, type ErrorCode } from '../errors.ts'
import { failure, job, jobNetwork, jobOutput, jobPort, jobUsage, signedIn } from './api-schemas.ts'
import type { Job, JobNetwork, JobOperation, JobOutput, JobPort, JobSpec, JobUsage } from './job.ts'
import type { Launcher, PasswordSignIn } from './launcher.ts'
import { KEY_HEADER, ShownKey } from './launcher-key.ts'
import { fromLines } from './ndjson.ts'

type Ask = Pick<Dispatcher.RequestOptions, 'body' | 'signal'> & {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
}

/** Milliseconds: somebody may have to wait for a turn, and PAM for a server. */
const SIGN_IN_LIMIT = 30_000

/**
 * The Launcher behind a unix socket. Besides LAUNCHER_UNAVAILABLE it throws BAD_REQUEST for a job that cannot be
 * (no such account …), DISK_FULL, NOT_FOUND for an unknown job and JOB_STATE for one in the wrong state.
 * Streams whose signal aborts just end.
 */
export class LauncherClient implements Launcher {
  readonly #agent: Agent
  readonly #key: ShownKey
  readonly #lookLimit: number
  readonly #actLimit: number

  /**
   * `socket` is the path where LauncherService listens, `keyFile` its key; they need not exist yet. The limits are how long an answer may
   * take (ms): to a mere look at jobs (default 5 000), and to what is done or read (default 15 000).
   */
  constructor(options: { socket: string; keyFile: string; lookLimit?: number; actLimit?: number }) {
    const { socket, keyFile, lookLimit = 5_000, actLimit = 15_000 } = options
    this.#key = new ShownKey(keyFile)
    this.#lookLimit = lookLimit
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

  async authenticate(ask: PasswordSignIn): Promise<{ readonly user: string }> {
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify(ask)
    const answer = await this.#text(
      '/authenticate',
      { method: 'POST', headers, body },
      SIGN_IN_LIMIT,
    )
    return parse(signedIn, answer)
  }

  async submit(spec: JobSpec, key: string): Promise<Job> {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key }
    const body = JSON.stringify(spec)
    return parse(job, await this.#text('/jobs', { method: 'POST', headers, body }))
  }

  async get(id: string): Promise<Job | undefined> {
    try {
      return await this.#look(`/jobs/${encodeURIComponent(id)}`, job)
    } catch (error) {
      if (error instanceof AtelierError && error.code === 'NOT_FOUND') return undefined
      throw error
    }
  }

  async list(tags: readonly string[]): Promise<readonly Job[]> {
    const query = new URLSearchParams(tags.map((tag): [string, string] => ['tag', tag]))
    return this.#look(`/jobs?${query.toString()}`, z.array(job))
  }

  async control(id: string, operation: JobOperation): Promise<void> {
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify({ operation })
    await this.#text(`/jobs/${encodeURIComponent(id)}/control`, { method: 'POST', headers, body })
  }

  async network(id: string): Promise<JobNetwork> {
    return this.#look(`/jobs/${encodeURIComponent(id)}/network`, jobNetwork)
  }

  async ports(id: string): Promise<readonly JobPort[]> {
    return this.#look(`/jobs/${encodeURIComponent(id)}/ports`, z.array(jobPort))
  }

  async tail(id: string, bytes: number): Promise<string> {
    return this.#text(`/jobs/${encodeURIComponent(id)}/tail?bytes=${bytes}`)
  }

  output(id: string, signal: AbortSignal): AsyncIterable<JobOutput> {
    return this.#lines(`/jobs/${encodeURIComponent(id)}/output`, jobOutput, signal)
  }

  watch(signal: AbortSignal): AsyncIterable<Job> {
    return this.#lines('/jobs/events', job, signal)
  }

  usage(signal: AbortSignal): AsyncIterable<JobUsage> {
    return this.#lines('/usage', jobUsage, signal)
  }

  async #look<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return parse(schema, await this.#text(path, {}, this.#lookLimit))
  }

  async #text(path: string, ask: Ask = {}, limit = this.#actLimit): Promise<string> {
    try {
      const body = await this.#ask(path, { ...ask, signal: AbortSignal.timeout(limit) })
      return await body.text()
    } catch (error) {
      throw toAtelierError(error)
    }
  }

  async *#lines<S extends z.ZodType>(
    path: string,
    schema: S,
    signal: AbortSignal,
  ): AsyncGenerator<z.output<S>> {
    try {
      const body = await this.#ask(path, { signal })
      for await (const value of fromLines(body)) yield schema.parse(value)
    } catch (error) {
      if (!signal.aborted) throw toAtelierError(error)
    }
  }

  /** The body of a good answer; throws the error that the Launcher answered. */
  async #ask(path: string, ask: Ask): Promise<Dispatcher.ResponseData['body']> {
    const { statusCode, body } = await this.#show(path, ask)
    if (statusCode < 400) return body
    const { error } = failure.parse(await body.json())
    throw new AtelierError(isErrorCode(error.code) ? error.code : 'INTERNAL', error.message)
  }

  /** Shows the key; one that is refused is read again, as the Launcher may have a new one. */
  async #show(path: string, ask: Ask): Promise<Dispatcher.ResponseData> {
    const { header } = this.#key
    const answer = await this.#send(path, ask, header)
    if (!isRefused(answer)) return answer
    await answer.body.dump()
    if (this.#key.reread(header)) {
      const again = await this.#send(path, ask, this.#key.header)
      if (!isRefused(again)) return again
      await again.body.dump()
    }
    throw new Error('The Launcher refuses its key.')
  }

  #send(path: string, ask: Ask, key: string): Promise<Dispatcher.ResponseData> {
    const headers = { ...ask.headers, [KEY_HEADER]: key }
    return request(`http://launcher${path}`, { ...ask, headers, dispatcher: this.#agent })
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
