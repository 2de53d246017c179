/** How fast the gossip works; all times in milliseconds. Names of the SWIM paper (Das, Gupta, Motivala 2002) and of memberlist. */
export interface Timing {
  /** The paper's protocol period T': every so often each member probes one other. */
  readonly probeInterval: number
  /** How long a direct probe waits for its acknowledgement, before others are asked to probe. */
  readonly probeTimeout: number
  /** How long the indirect probes wait, before the member is suspect. */
  readonly indirectProbeTimeout: number
  /** The paper's k: how many members are asked to probe indirectly. */
  readonly indirectProbes: number
  /** suspicionTimeout = suspicionMultiplier * max(1, log10(N)) * probeInterval. */
  readonly suspicionMultiplier: number
  /** The paper's lambda: each member passes an update on ceil(retransmitMultiplier * log10(N + 1)) times. */
  readonly retransmitMultiplier: number
  /** While there are updates to pass on, they go out this often, … */
  readonly gossipInterval: number
  /** … to so many random members. */
  readonly gossipMembers: number
  /** How often all that is known is exchanged with a random member, with unknown seeds and with failed members. */
  readonly syncInterval: number
  /** How often the seeds are asked while nobody is known. */
  readonly joinInterval: number
  /** A failed member is forgotten after this. */
  readonly reapFailedAfter: number
  /** A member that has left is forgotten after this; until then old news cannot bring it back. */
  readonly reapLeftAfter: number
}

/**
 * For servers in one data centre: a dead member is suspect after 0.5 to 2 s and failed 2 s later, and a member whose event
 * loop stands still for less than 2 s is not taken for dead.
 */
export const DEFAULT_TIMING: Timing = {
  probeInterval: 500,
  probeTimeout: 200,
  indirectProbeTimeout: 300,
  indirectProbes: 3,
  suspicionMultiplier: 4,
  retransmitMultiplier: 10,
  gossipInterval: 100,
  gossipMembers: 3,
  syncInterval: 5000,
  joinInterval: 1000,
  reapFailedAfter: 24 * 3_600_000,
  reapLeftAfter: 3_600_000,
}

/** The defaults with these changed. Throws a RangeError naming what is not possible. */
export function timingWith(changed: Partial<Timing>): Timing {
  const timing = { ...DEFAULT_TIMING, ...changed }
  for (const [name, value] of Object.entries(timing)) {
    if (!(Number.isFinite(value) && value > 0)) {
      throw new RangeError(`gossip timing: ${name} must be a positive number, not ${value}`)
    }
  }
  const { probeTimeout, indirectProbeTimeout, probeInterval } = timing
  if (probeTimeout + indirectProbeTimeout > probeInterval) {
    throw new RangeError(
      `gossip timing: probeTimeout (${probeTimeout}) and indirectProbeTimeout (${indirectProbeTimeout}) must together ` +
        `not exceed probeInterval (${probeInterval})`,
    )
  }
  return timing
}

/** How long a suspect has to refute in a cluster of so many members, before it is taken for dead, in milliseconds. */
export function suspicionTimeout(
  members: number,
  { suspicionMultiplier, probeInterval }: Pick<Timing, 'suspicionMultiplier' | 'probeInterval'>,
): number {
  return Math.round(suspicionMultiplier * Math.max(1, Math.log10(members)) * probeInterval)
}

/** How long until the next sync in a cluster of so many members (the local one among them), in milliseconds. */
export function syncPeriod(
  members: number,
  { syncInterval, joinInterval }: Pick<Timing, 'syncInterval' | 'joinInterval'>,
): number {
  if (members <= 1) return Math.min(joinInterval, syncInterval)
  // A sync carries all members: more of them are told less often, as memberlist does it.
  return syncInterval * Math.max(1, Math.ceil(Math.log2(members) - 5) + 1)
}

/** The time, changed by up to a fifth either way, so that members do not fall into step. `random` gives [0, 1). */
export function jittered(ms: number, random: number): number {
  return Math.round(ms * (0.8 + 0.4 * random))
}
