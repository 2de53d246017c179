import type { JobDesire, JobKind, JobState } from '../../jobs/workbench-job.ts'

/** A Workbench job as the API shows it; times are ISO 8601, of the server's clock. */
export interface JobView {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly kind: JobKind
  /** The path of the file; null for a command. */
  readonly script: string | null
  /** The name of the allowed command; null for a file. */
  readonly command: string | null
  readonly args: readonly string[]
  /** The names of its environment variables; their values are told to nobody. */
  readonly environmentNames: readonly string[]
  readonly workingDirectory: string | null
  readonly python: string | null
  readonly r: string | null
  readonly cluster: string | null
  readonly profile: string | null
  /** What it may use at most; null for everything. */
  readonly limits: { readonly cpus: number | null; readonly memoryBytes: number | null } | null
  /** The id of the schedule that started it. */
  readonly schedule: string | null
  /** For which of its schedule's times it was started. */
  readonly tick: string | null
  /** The id of the session that it was submitted from. */
  readonly session: string | null
  readonly node: string
  /** Where it runs, as the Launcher says. */
  readonly host: string | null
  readonly state: JobState
  readonly desired: JobDesire
  readonly reason: string | null
  readonly exitCode: number | null
  readonly createdAt: string
  readonly stateAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** What it has used in all, once it has ended. */
  readonly cpuSeconds: number | null
  readonly peakMemoryBytes: number | null
  /** Percent of one processor that it uses now; null if not known. */
  readonly cpuPercent: number | null
  readonly memoryBytes: number | null
  readonly outputBytes: number | null
  readonly outputRemovedAt: string | null
  readonly webhook: string | null
  /** Grows by one with every change of its row. */
  readonly version: number
  /** False while its node does not answer. */
  readonly reachable: boolean
}

/** What a job used at one time. */
export interface UsageSample {
  readonly at: string
  /** Percent of one processor. */
  readonly cpuPercent: number | null
  readonly memoryBytes: number | null
}
