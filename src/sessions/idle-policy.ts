/** The limits of unused and of old sessions, in ms; 0 is never for the last two. */
export interface IdleLimits {
  /** Unused for so long a session is Idle. */
  readonly idleAfter: number
  /** Unused for so long it is stopped. */
  readonly stopIdleAfter: number
  /** So old it is stopped, whatever it does. */
  readonly maximumAge: number
  /** Since when they hold for this user, in ms since 1970, if that was not always so. */
  readonly since?: number
}

/** What is known of a session; times in ms since 1970. */
export interface IdleFacts {
  readonly createdAt: number
  readonly lastUsedAt: number
  /** When it was last seen to compute; null if never. */
  readonly lastBusyAt: number | null
  /** True if it computes, or if nobody can tell. */
  readonly mayBeBusy: boolean
  /** Until when its owner wants it kept; null if no longer than the limits. */
  readonly keepUntil: number | null
  /** Since when uses and computations have been seen without a gap. */
  readonly watchedSince: number
}

/** Why a session will be stopped: nobody uses it, or it is too old. */
export type StopCause = 'idle' | 'age'

/** What is ahead of a session if nobody uses it and it does not compute. */
export interface Outlook {
  readonly state: 'Active' | 'Idle'
  /** When it will be stopped, in ms since 1970; it is due once that is not in the future. Null if never. */
  readonly stopsAt: number | null
  readonly stopsFor: StopCause | null
}

/** How long a session lives on at least after a gap in which nobody could see whether it was used. */
const GRACE_MS = 15 * 60_000

/** Short limits have a short grace, so that a restart of a node does not set them aside. */
const GRACE_SHARE = 1 / 4

/**
 * Decides from what is known and the limits. A session that may compute is never stopped for idleness; one that is to be
 * kept is stopped for nothing. A limit is not applied right after a gap in watching, or after the limits have changed:
 * time in which nobody could see anything must not end a session before its owner could see the countdown.
 */
export function outlook(facts: IdleFacts, now: number, limits: IdleLimits): Outlook {
  const restingSince = Math.min(now, Math.max(facts.lastUsedAt, facts.lastBusyAt ?? 0))
  const isIdle = !facts.mayBeBusy && now - restingSince >= limits.idleAfter
  const watchedSince = Math.max(facts.watchedSince, limits.since ?? 0)
  const known = { watchedSince, keepUntil: facts.keepUntil }
  const idleEnd = facts.mayBeBusy ? Infinity : end(restingSince, limits.stopIdleAfter, known)
  const ageEnd = end(facts.createdAt, limits.maximumAge, known)
  const stopsAt = Math.min(idleEnd, ageEnd)
  const never = stopsAt === Infinity
  return {
    state: isIdle ? 'Idle' : 'Active',
    stopsAt: never ? null : stopsAt,
    stopsFor: never ? null : idleEnd <= ageEnd ? 'idle' : 'age',
  }
}

function end(
  since: number,
  limit: number,
  { keepUntil, watchedSince }: Pick<IdleFacts, 'keepUntil' | 'watchedSince'>,
): number {
  if (limit === 0) return Infinity
  const grace = Math.min(GRACE_MS, limit * GRACE_SHARE)
  return Math.max(since + limit, watchedSince + grace, keepUntil ?? 0)
}
