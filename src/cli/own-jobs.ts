import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { CommandFailure } from './failure.ts'

const POLL_MS = 300
const FINAL = new Set(['Finished', 'Failed', 'Killed', 'Canceled'])

const text = z.string().nullable()
const number = z.number().nullable()

// What else the API answers is passed on as it is.
const jobBody = z.looseObject({
  id: z.string(),
  user: z.string(),
  name: z.string(),
  script: text,
  command: text,
  args: z.array(z.string()),
  environmentNames: z.array(z.string()),
  workingDirectory: text,
  python: text,
  r: text,
  cluster: text,
  profile: text,
  node: z.string(),
  host: text,
  session: text,
  schedule: text,
  state: z.string(),
  reason: text,
  exitCode: number,
  createdAt: z.string(),
  startedAt: text,
  endedAt: text,
  cpuSeconds: number,
  peakMemoryBytes: number,
  outputBytes: number,
})

const pageBody = z.object({ items: z.array(jobBody), next: text })

/** A job as the API answers it. */
export type OwnJob = z.infer<typeof jobBody>

/** Which jobs are listed. */
export interface WantedJobs {
  readonly state?: string
  readonly user?: string
  /** How many at most. */
  readonly limit: number
}

/** The jobs of the user that a client speaks for. */
export class OwnJobs {
  readonly #client: Pick<ApiClient, 'request'>

  constructor(options: { readonly client: Pick<ApiClient, 'request'> }) {
    this.#client = options.client
  }

  /** Submits a job once, however often the connection breaks. */
  async submit(body: object): Promise<OwnJob> {
    return this.#post('/api/v1/jobs', body)
  }

  /** Submits a new job of the same request. */
  async runAgain(id: string): Promise<OwnJob> {
    return this.#post(`/api/v1/jobs/${encodeURIComponent(id)}/run-again`)
  }

  /** The latest first. */
  async list({ limit, ...wanted }: WantedJobs): Promise<readonly OwnJob[]> {
    const jobs: OwnJob[] = []
    for (let cursor: string | null = ''; cursor !== null && jobs.length < limit;) {
      const page = String(Math.min(200, limit - jobs.length))
      const query = new URLSearchParams({ ...wanted, limit: page, ...(cursor && { cursor }) })
      const answer = await this.#client.request('GET', `/api/v1/jobs?${query.toString()}`)
      const { items, next }: z.infer<typeof pageBody> = pageBody.parse(answer)
      jobs.push(...items)
      cursor = next
    }
    return jobs
  }

  async get(id: string): Promise<OwnJob> {
    return jobBody.parse(
      await this.#client.request('GET', `/api/v1/jobs/${encodeURIComponent(id)}`),
    )
  }

  /** Stops a job; it may take a moment to end. */
  async stop({ id }: Pick<OwnJob, 'id'>, force: boolean): Promise<OwnJob> {
    const path = `/api/v1/jobs/${encodeURIComponent(id)}/stop`
    return jobBody.parse(await this.#client.request('POST', path, { force }))
  }

  /** The job once it has ended. A node that does not answer meanwhile is waited for. */
  async ended(id: string, signal: AbortSignal): Promise<OwnJob> {
    for (;;) {
      const job = await this.get(id).catch((error: unknown) => {
        if (isPassing(error)) return undefined
        throw error
      })
      if (job !== undefined && FINAL.has(job.state)) return job
      await delay(POLL_MS, undefined, { signal })
    }
  }

  async #post(path: string, body?: object): Promise<OwnJob> {
    const headers = { 'idempotency-key': randomUUID() }
    return jobBody.parse(await this.#client.request('POST', path, body, headers))
  }
}

/** True for a failure that is over after a while, such as a node that is restarted. */
export function isPassing(error: unknown): boolean {
  return error instanceof CommandFailure && PASSING.has(error.code)
}

const PASSING: ReadonlySet<string> = new Set([
  'NOT_RUNNING',
  // What a load balancer answers while it knows no node.
  'NOT_ATELIER',
  'NODE_UNREACHABLE',
  'NODE_STOPPING',
  'DATABASE_UNAVAILABLE',
  'SESSION_MOVED',
  'TOO_MANY_REQUESTS',
])
