import { z } from 'zod'
import { AtelierError } from '../errors.ts'
import {
  job,
  jobNetwork,
  jobOutput,
  jobPort,
  jobUsage,
  launcherMetrics,
  launcherStatus,
  signedIn,
  UNAVAILABLE_HEADER,
} from './api-schemas.ts'
import type { Job, JobNetwork, JobOperation, JobOutput, JobPort } from './job.ts'
import type { JobQuery, JobSpec, JobUsage, User } from './job.ts'
import { clusterInfo, type ClusterInfo } from './cluster-info-schema.ts'
import { jobsPath } from './jobs-path.ts'
import type { FoundJobs } from './launcher-jobs.ts'
import type { LauncherMetrics } from './plugin-metrics.ts'
import { LauncherHttp, type Ask, type LauncherPlace } from './launcher-http.ts'
import type { LauncherStatus } from './launcher-status.ts'
import type { Launcher, LauncherClusters, PasswordSignIn } from './launcher.ts'
import type { LoadBalancerNode } from './protocol-schemas.ts'
import type { OutputType } from './protocol.ts'

/** Where the Launcher is, as LauncherHttp has it, or a connection to it; and for whom it is asked, by default `*`. */
export type LauncherClientOptions = { readonly user?: User } & (
  LauncherPlace | { readonly http: LauncherHttp }
)

/** Milliseconds: somebody may have to wait for a turn, and PAM for a server. */
const SIGN_IN_LIMIT = 30_000

/**
 * The Launcher behind a unix socket. Besides LAUNCHER_UNAVAILABLE it throws BAD_REQUEST for a job that cannot be
 * (no such account …), DISK_FULL, NOT_FOUND for an unknown job and JOB_STATE for one in the wrong state.
 * Streams whose signal aborts just end.
 */
export class LauncherClient implements Launcher, LauncherClusters {
  readonly #http: LauncherHttp
  readonly #user: User

  constructor(options: LauncherClientOptions) {
    this.#http = 'http' in options ? options.http : new LauncherHttp(options)
    this.#user = options.user ?? '*'
  }

  /** Breaks off everything under way, also of others by the same connection. */
  async close(): Promise<void> {
    await this.#http.close()
  }

  as(user: User): LauncherClient {
    return new LauncherClient({ http: this.#http, user })
  }

  async authenticate(ask: PasswordSignIn): Promise<{ readonly user: string }> {
    return this.#json('/authenticate', signedIn, {
      method: 'POST',
      body: ask,
      limit: SIGN_IN_LIMIT,
    })
  }

  async submit(spec: JobSpec, key: string): Promise<Job> {
    const headers = { 'Idempotency-Key': key }
    return this.#json('/jobs', job, { method: 'POST', headers, body: spec })
  }

  async get(id: string): Promise<Job | undefined> {
    try {
      return await this.#look(jobPath(id), job)
    } catch (error) {
      if (error instanceof AtelierError && error.code === 'NOT_FOUND') return undefined
      throw error
    }
  }

  async list(tags: readonly string[]): Promise<readonly Job[]> {
    return this.#look(jobsPath({ tags }), z.array(job))
  }

  async find(query: Omit<JobQuery, 'fields'>): Promise<FoundJobs> {
    const ask = { user: this.#user, limit: this.#http.lookLimit }
    const { value, header } = await this.#http.json(jobsPath(query), z.array(job), ask)
    const unavailable = header(UNAVAILABLE_HEADER).split(',')
    return { jobs: value, unavailable: unavailable.filter((name) => name !== '') }
  }

  async control(id: string, operation: JobOperation): Promise<void> {
    const ask = { user: this.#user, method: 'POST', body: { operation } } as const
    await this.#http.text(jobPath(id, 'control'), ask)
  }

  async network(id: string): Promise<JobNetwork> {
    return this.#look(jobPath(id, 'network'), jobNetwork)
  }

  async ports(id: string): Promise<readonly JobPort[]> {
    return this.#look(jobPath(id, 'ports'), z.array(jobPort))
  }

  async tail(id: string, bytes: number): Promise<string> {
    return this.#http.text(jobPath(id, `tail?bytes=${bytes}`), { user: this.#user })
  }

  output(id: string, signal: AbortSignal, type: OutputType = 'both'): AsyncIterable<JobOutput> {
    return this.#lines(jobPath(id, `output?type=${type}`), jobOutput, signal)
  }

  watch(signal: AbortSignal): AsyncIterable<Job> {
    return this.#lines('/jobs/events', job, signal)
  }

  watchAll(signal: AbortSignal): AsyncIterable<Job> {
    return this.#lines('/jobs/events?cluster=*', job, signal)
  }

  follow(id: string, signal: AbortSignal): AsyncIterable<Job> {
    return this.#lines(jobPath(id, 'events'), job, signal)
  }

  usage(signal: AbortSignal): AsyncIterable<JobUsage> {
    return this.#lines('/usage', jobUsage, signal)
  }

  usageOf(id: string, signal: AbortSignal): AsyncIterable<JobUsage> {
    return this.#lines(jobPath(id, 'usage'), jobUsage, signal)
  }

  async status(): Promise<LauncherStatus> {
    return this.#look('/status', launcherStatus)
  }

  async metrics(): Promise<LauncherMetrics> {
    return this.#look('/metrics', launcherMetrics)
  }

  async clusterInfo(cluster?: string): Promise<ClusterInfo> {
    const query = cluster === undefined ? '' : `?cluster=${encodeURIComponent(cluster)}`
    return this.#look(`/cluster-info${query}`, clusterInfo)
  }

  async setNodes(nodes: readonly LoadBalancerNode[]): Promise<void> {
    await this.#http.text('/nodes', { user: this.#user, method: 'PUT', body: { nodes } })
  }

  async #look<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return this.#json(path, schema, { limit: this.#http.lookLimit })
  }

  async #json<S extends z.ZodType>(
    path: string,
    schema: S,
    ask: Omit<Ask, 'user'>,
  ): Promise<z.output<S>> {
    return (await this.#http.json(path, schema, { user: this.#user, ...ask })).value
  }

  #lines<S extends z.ZodType>(path: string, schema: S, signal: AbortSignal) {
    return this.#http.lines(path, schema, { user: this.#user, signal })
  }
}

function jobPath(id: string, more?: string): string {
  const path = `/jobs/${encodeURIComponent(id)}`
  return more === undefined ? path : `${path}/${more}`
}
