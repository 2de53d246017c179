import type { LocalConnection } from '../../src/postgres/server-answer.ts'
import type { Hinting } from './hinting-database.ts'

/** What a process of this benchmark is started with. */
export interface RoutableArguments {
  readonly connection: LocalConnection
  readonly hinting: Hinting
  /** How much longer each commit takes than on the disk of this machine, in ms: as networked storage or a standby would. */
  readonly commitDelayMs: number
}

/** A change that a writer has made, with the moments just before it and just after its commit, in ms of the monotonic clock. */
export interface Change {
  readonly id: string
  readonly begun: number
  readonly committed: number
}

/** What writers are told: change these sessions once each, at random moments, or over and over until `stop`. */
export type Order =
  | { readonly type: 'once'; readonly ids: readonly string[]; readonly perSecond: number }
  /** Without a rate each session is changed again as soon as its last change is committed. */
  | { readonly type: 'forever'; readonly ids: readonly string[]; readonly perSecond?: number }
  | { readonly type: 'stop' }

/** A writer's answer: all changes of the order that has ended. */
export interface Written {
  readonly type: 'written'
  readonly changes: readonly Change[]
  readonly seconds: number
}

/** What the observing node tells: that it listens, or when its locations had a session Active, in ms of the monotonic clock. */
export type Observed =
  { readonly type: 'ready' } | { readonly type: 'saw'; readonly id: string; readonly at: number }
