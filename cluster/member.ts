/**
 * What the gossip says of a member. `alive` answers; `suspect` has missed probes and may refute; `leaving` answers but goes
 * soon; `failed` is believed dead. A member that has left is in no list.
 */
export type MemberState = 'alive' | 'suspect' | 'leaving' | 'failed'

/** What a member tells about itself and may change while it runs. */
export interface MemberMeta {
  /** The version of Atelier that it runs. */
  readonly version: string
  /** How many sessions it holds. */
  readonly sessions: number
  /** Its load average of one minute divided by its processors: 1 is fully busy. */
  readonly load: number
  /** True while an operator drains it: it keeps its sessions and gets no new ones. */
  readonly draining: boolean
}

/** A node as gossip sees it. */
export interface Member {
  /** Unique in the cluster and the same after a restart. */
  readonly name: string
  /** Another one after each start, so that a restart is noticed however fast it was. */
  readonly bootId: string
  /** When it started, in milliseconds since 1970 by its own clock. */
  readonly startedAt: number
  /** Where it gossips: `10.0.0.1:7946` or `[fd00::1]:7946`. */
  readonly address: string
  /** Where its HTTP server answers. */
  readonly url: string
  readonly state: MemberState
  readonly meta: MemberMeta
}

/** True if the two say the same, so that nobody needs to be told. */
export function sameMember(a: Member, b: Member): boolean {
  return (
    a.name === b.name &&
    a.bootId === b.bootId &&
    a.startedAt === b.startedAt &&
    a.address === b.address &&
    a.url === b.url &&
    a.state === b.state &&
    sameMeta(a.meta, b.meta)
  )
}

/** True if the two say the same. */
export function sameMeta(a: MemberMeta, b: MemberMeta): boolean {
  return (
    a.version === b.version &&
    a.sessions === b.sessions &&
    a.load === b.load &&
    a.draining === b.draining
  )
}
