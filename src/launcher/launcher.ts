import type { ClusterInfo } from './cluster-info-schema.ts'
import type { Job, JobNetwork, JobOperation, JobOutput, JobPort } from './job.ts'
import type { JobQuery, JobSpec, JobUsage, User } from './job.ts'
import type { FoundJobs } from './launcher-jobs.ts'
import type { LauncherMetrics } from './plugin-metrics.ts'
import type { LauncherStatus } from './launcher-status.ts'
import type { OutputType } from './protocol.ts'
import type { LoadBalancerNode } from './protocol-schemas.ts'

/** What somebody signs in with. It must reach no log. */
export interface PasswordSignIn {
  readonly user: string
  readonly password: string
  readonly remoteHost: string
}

/**
 * The Launcher as the node sees it. Every method throws AtelierError LAUNCHER_UNAVAILABLE when the Launcher does not
 * answer, which says nothing about the jobs.
 */
export interface Launcher {
  /**
   * Signs an account in by its password (PAM: authenticate, then the account's state), and answers its name as the
   * system has it. Throws SIGN_IN_FAILED, ACCOUNT_REFUSED or PASSWORD_EXPIRED; `remoteHost` is the browser's address.
   */
  authenticate(ask: PasswordSignIn): Promise<{ readonly user: string }>
  /** Starts a job once per `key`: a repeated submission with the same key answers the job that is already there. */
  submit(spec: JobSpec, key: string): Promise<Job>
  get(id: string): Promise<Job | undefined>
  /** Jobs in the default Launcher cluster that carry all of these tags. */
  list(tags: readonly string[]): Promise<readonly Job[]>
  control(id: string, operation: JobOperation): Promise<void>
  /** Where a running job answers. */
  network(id: string): Promise<JobNetwork>
  /**
   * Where processes of a running job listen now, as its account: looked up at the time of the call. Throws BAD_REQUEST
   * for a plugin that cannot tell.
   */
  ports(id: string): Promise<readonly JobPort[]>
  /** The last bytes of what the job wrote, both streams; empty if it wrote nothing. `bytes` is the most to return. */
  tail(id: string, bytes: number): Promise<string>
  /** What the job wrote so far and writes from now on; ends when the job has ended and all is told. */
  output(id: string, signal: AbortSignal): AsyncIterable<JobOutput>
  /**
   * Changes of any job in the default Launcher cluster, the present state of each first; ends with an error when the
   * Launcher goes away.
   */
  watch(signal: AbortSignal): AsyncIterable<Job>
  /** What each running job in the default Launcher cluster uses, every few seconds. */
  usage(signal: AbortSignal): AsyncIterable<JobUsage>
}

/** The Launcher as somebody sees it who looks at jobs of any Launcher cluster; throws as Launcher does. */
export interface LauncherClusters extends Pick<Launcher, 'get' | 'control' | 'network'> {
  /** The same for a user, who sees and touches their own jobs only; `*` may touch all. */
  as(user: User): LauncherClusters
  status(): Promise<LauncherStatus>
  /** What each plugin has reported of itself. */
  metrics(): Promise<LauncherMetrics>
  /** What a Launcher cluster, or the default one, can do for the user. Throws NOT_FOUND if there is none of this name. */
  clusterInfo(cluster?: string): Promise<ClusterInfo>
  /** The jobs that a query asks for, and the clusters that could not be asked. */
  find(query: Omit<JobQuery, 'fields'>): Promise<FoundJobs>
  /** The job as it is now and each time it changes; ends when the job has ended. */
  follow(id: string, signal: AbortSignal): AsyncIterable<Job>
  /** Changes of any job in any Launcher cluster, as `watch`; those that do not answer are told of once they do. */
  watchAll(signal: AbortSignal): AsyncIterable<Job>
  output(id: string, signal: AbortSignal, type?: OutputType): AsyncIterable<JobOutput>
  /** What the running job uses; ends when it ends. */
  usageOf(id: string, signal: AbortSignal): AsyncIterable<JobUsage>
  /** Tells all plugins which nodes there are; it is advice. */
  setNodes(nodes: readonly LoadBalancerNode[]): Promise<void>
}
