import type { Bench } from './bench.ts'
import type { Conversation } from './conversation.ts'
import type { Jobs } from './jobs.ts'

/** What a check works with: the plugin that checks share, and jobs that are ended after the check. */
export interface CheckParts {
  readonly bench: Bench
  readonly plugin: Conversation
  readonly jobs: Jobs
}

/** One thing that a plugin has to do. */
export interface Check {
  /** A short name, to be skipped or run alone by. */
  readonly name: string
  /** What the plugin does, as the end of the sentence “The plugin …”. */
  readonly behaviour: string
  /** What the protocol says about it. */
  readonly says: string
  /** Resolves if the plugin does it. Throws CheckFailure if not, NotSupported if the plugin says that it does not. */
  run(parts: CheckParts): Promise<void>
}
