import type { Contenders } from '../contenders/contenders.ts'
import type { Result } from '../report/result.ts'
import type { Workplace } from '../workplace.ts'

/** How long and how often everything is measured. */
export interface Effort {
  /** Measured rounds. */
  readonly rounds: number
  /** Seconds for one contender in a round. */
  readonly seconds: number
  /** Seconds for one contender before that, at least. */
  readonly warmUpSeconds: number
  /** Requests, messages or transfers before that, unless they take very long. */
  readonly warmUpCount: number
  /** Sessions to be started one after the other. */
  readonly starts: number
  /** Jobs to be started one after the other, and then at once; idle sessions whose memory is measured. */
  readonly jobs: number
  /** Sessions that become routable on one node, for each rate of changes, until another node knows. */
  readonly samples: number
  /** WebSockets to be held open. */
  readonly webSockets: number
  /** Sizes of the clusters whose gossip is measured. */
  readonly clusterSizes: readonly number[]
  /** Members of a small cluster to be killed, one after the other; half as many of a large one, which takes long to start. */
  readonly deaths: number
  /** Seconds for which each cluster is watched while nothing happens. */
  readonly quietSeconds: number
}

/** What a benchmark may use. */
export interface BenchContext {
  readonly workplace: Workplace
  readonly contenders: Contenders
  readonly effort: Effort
  /** Tells what is going on, for somebody who waits. */
  readonly say: (text: string) => void
}

/** A benchmark that can be asked for by its name. */
export interface BenchCase {
  readonly name: string
  run(context: BenchContext): Promise<Result>
}
