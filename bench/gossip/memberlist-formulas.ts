/**
 * What memberlist's DefaultLANConfig amounts to in a cluster of some size, by its own formulas; times are in seconds. Source:
 * hashicorp/memberlist v0.7.0, config.go (DefaultLANConfig), util.go (suspicionTimeout, retransmitLimit, pushPullScale),
 * state.go (suspectNode) and suspicion.go (remainingSuspicionTime).
 */
export interface MemberlistArithmetic {
  /** Confirmations by other members that shorten a suspicion to its least. */
  readonly confirmations: number
  readonly suspicionMin: number
  /** What a suspicion lasts that nobody confirms. */
  readonly suspicionMax: number
  /** How often a member passes each piece of news on. */
  readonly retransmits: number
  /** Seconds between two exchanges of all that is known. */
  readonly pushPullPeriod: number
  /**
   * From a death until the first member declares it, if all confirmations come in time: until somebody probes the dead one,
   * e/(e-1) intervals on average by the SWIM paper, which memberlist does not state itself, and the least suspicion.
   */
  readonly expectedDetection: number
}

const PROBE_INTERVAL = 1
const SUSPICION_MULTIPLIER = 4
const SUSPICION_MAX_MULTIPLIER = 6
const RETRANSMIT_MULTIPLIER = 4
const PUSH_PULL_INTERVAL = 30
const PUSH_PULL_SCALE_THRESHOLD = 32

/** The arithmetic for so many members. */
export function memberlistArithmetic(members: number): MemberlistArithmetic {
  const wanted = SUSPICION_MULTIPLIER - 2
  // Without enough others who could confirm, a suspicion starts at its least.
  const confirmations = members - 2 < wanted ? 0 : wanted
  const suspicionMin = SUSPICION_MULTIPLIER * Math.max(1, Math.log10(members)) * PROBE_INTERVAL
  return {
    confirmations,
    suspicionMin,
    suspicionMax: confirmations === 0 ? suspicionMin : suspicionMin * SUSPICION_MAX_MULTIPLIER,
    retransmits: RETRANSMIT_MULTIPLIER * Math.ceil(Math.log10(members + 1)),
    pushPullPeriod:
      members <= PUSH_PULL_SCALE_THRESHOLD
        ? PUSH_PULL_INTERVAL
        : PUSH_PULL_INTERVAL *
          (Math.ceil(Math.log2(members) - Math.log2(PUSH_PULL_SCALE_THRESHOLD)) + 1),
    expectedDetection: (Math.E / (Math.E - 1)) * PROBE_INTERVAL + suspicionMin,
  }
}

/** How long a suspicion lasts in all that so many others have confirmed, in seconds. */
export function suspicionAfter(
  confirmed: number,
  { confirmations, suspicionMin, suspicionMax }: MemberlistArithmetic,
): number {
  if (confirmations === 0) return suspicionMin
  const part = Math.log(confirmed + 1) / Math.log(confirmations + 1)
  return Math.max(suspicionMin, suspicionMax - part * (suspicionMax - suspicionMin))
}
