/** The figures of a sample, each a mean over its span. */
export const SAMPLE_FIGURES = [
  'sessionsStarting',
  'sessionsActive',
  'sessionsIdle',
  'sessionsLost',
  'sessionsStopping',
  'jobsPending',
  'jobsRunning',
  'jobsSuspended',
  'jobsLost',
  'users',
  'nodes',
  'sessionCpuPercent',
  'sessionMemoryBytes',
  'jobCpuPercent',
  'jobMemoryBytes',
] as const

/** A figure of a sample. */
export type SampleFigure = (typeof SAMPLE_FIGURES)[number]

/** What went on in the cluster in a span that began at `at`. */
export type ClusterSample = { readonly at: Date } & Readonly<Record<SampleFigure, number>>

/** How samples are gathered when they are old: those of `seconds` become ones of `into` after `afterDays`. */
export interface Thinning {
  readonly seconds: number
  readonly into: number
  readonly afterDays: number
}

/** The span of a new sample, in seconds. */
export const SAMPLE_SECONDS = 60

/** Minutes for two days, quarters of an hour for two weeks, then hours. */
export const THINNINGS: readonly Thinning[] = [
  { seconds: SAMPLE_SECONDS, into: 900, afterDays: 2 },
  { seconds: 900, into: 3600, afterDays: 14 },
]

/** What went on in the cluster. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer. */
export interface SampleStore {
  /**
   * Writes the sample of the present span of so many seconds, by the database's clock, unless some node has done so; answers
   * whether it did. Of many at once one does.
   */
  take(seconds: number): Promise<boolean>
  /** Gathers old samples. */
  thin(thinning: Thinning): Promise<void>
  /** The means of spans of `step` seconds, oldest first; a span without any sample is left out. */
  between(from: Date, to: Date, step: number): Promise<readonly ClusterSample[]>
  /** Forgets what is older than so many days. */
  prune(days: number): Promise<void>
}
