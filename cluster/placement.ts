import { createHash } from 'node:crypto'
import type { Member } from './member.ts'

/** How the member for a new session is chosen. */
export const PLACEMENT_STRATEGIES = [
  /** The one that holds the fewest sessions. */
  'sessions',
  /** The one with the least load for each of its processors. */
  'system-load',
  /** The same one for the same user, as long as it is there. */
  'user-hash',
  /** Any. */
  'random',
] as const

export type PlacementStrategy = (typeof PLACEMENT_STRATEGIES)[number]

/** For whom a member is chosen. */
export interface PlacementRequest {
  readonly user: string
  /** Decides what `random` chooses: the same seed, the same member. A session's id serves. */
  readonly seed: string
}

type Choose = (members: readonly Member[], request: PlacementRequest) => Member | undefined

/** True if the member takes new sessions: it is alive and nobody drains it. */
export function takesSessions({ state, meta }: Member): boolean {
  return state === 'alive' && !meta.draining
}

/** The member that gets the new session, or undefined if none takes any. The order of `members` does not matter. */
export function place(
  strategy: PlacementStrategy,
  members: readonly Member[],
  request: PlacementRequest,
): Member | undefined {
  const candidates = members.filter(takesSessions).sort((a, b) => (a.name < b.name ? -1 : 1))
  return CHOOSE[strategy](candidates, request)
}

const CHOOSE: Readonly<Record<PlacementStrategy, Choose>> = {
  sessions: (members) => lowest(members, ({ meta }) => meta.sessions),
  'system-load': (members) => lowest(members, ({ meta }) => meta.load),
  // Rendezvous hashing (Thaler, Ravishankar 1996): who comes or goes moves only its own users.
  'user-hash': (members, { user }) => lowest(members, ({ name }) => hash(user, name)),
  random: (members, { seed }) => lowest(members, ({ name }) => hash('random', seed, name)),
}

/** The first of the members, in the order of their names, with the lowest figure. */
function lowest(
  members: readonly Member[],
  figure: (member: Member) => number,
): Member | undefined {
  const figures = members.map(figure)
  return members[figures.indexOf(Math.min(...figures))]
}

/** A number that depends on each of the texts and where each ends, spread evenly over [0, 2^48). */
function hash(...texts: readonly string[]): number {
  return createHash('sha256').update(JSON.stringify(texts)).digest().readUIntBE(0, 6)
}
