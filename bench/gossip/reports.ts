/** What a member of a gossip benchmark believes of another one; who has left and who is dead are both gone. */
export type Belief = 'alive' | 'suspect' | 'gone'

/** A member has come to believe something of another; `at` is in milliseconds since 1970. */
export interface Sighting {
  readonly type: 'saw'
  readonly name: string
  readonly state: Belief
  readonly version: string
  readonly at: number
}

/** A line that a member writes: what it sees, or the answer to what it was told; `at` is when it began with that. */
export type Report =
  | Sighting
  | { readonly type: 'joined'; readonly address: string; readonly at: number }
  | { readonly type: 'counts'; readonly sentBytes: number; readonly at: number }
  | { readonly type: 'meta'; readonly at: number }
  | { readonly type: 'leave'; readonly at: number }

/** A line that a member is told: count what was sent, tell another version, leave. */
export type Order = 'counts' | `meta ${string}` | 'leave'

const TYPES: readonly unknown[] = ['saw', 'joined', 'counts', 'meta', 'leave']

/** Reads a member's line. Throws if it is none. */
export function parseReport(line: string): Report {
  const report = JSON.parse(line) as Report
  if (!TYPES.includes(report.type) || typeof report.at !== 'number') {
    throw new Error(`no report of a member: ${line}`)
  }
  return report
}
