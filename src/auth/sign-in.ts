/** One sign-in of one browser, as its cookie tells it; times in ms since 1970. */
export interface SignIn {
  /** Tells it from all others: a sign-out names it. */
  readonly id: string
  readonly user: string
  /** When the user signed in. */
  readonly at: number
  /** When its cookie was made last: at the sign-in, or for use by a person. */
  readonly renewedAt: number
  /** When it ends at the latest, by the lifetime that held when the user signed in. */
  readonly end: number
}

/** For how long a sign-in lasts, in ms. */
export interface Lifetimes {
  /** Since it was used last. */
  readonly idle: number
  /** Since the user signed in. */
  readonly absolute: number
}

/** A renewal is due after this part of the idle lifetime, and after an hour at the latest: not with each request. */
const RENEWAL_PART = 0.1
const RENEWAL_MOST_MS = 3_600_000

/** When the sign-in ends by these lifetimes, if nobody uses it after `usedAt`. */
export function endOf(
  { at, renewedAt, end }: SignIn,
  { idle, absolute }: Lifetimes,
  usedAt: number = renewedAt,
): number {
  return Math.min(end, at + absolute, Math.max(renewedAt, usedAt) + idle)
}

/** True if the cookie of a sign-in that somebody used at `usedAt` is to be made anew. */
export function isRenewalDue(
  { renewedAt }: Pick<SignIn, 'renewedAt'>,
  { idle }: Lifetimes,
  usedAt: number | undefined,
): boolean {
  return (
    usedAt !== undefined && usedAt - renewedAt >= Math.min(idle * RENEWAL_PART, RENEWAL_MOST_MS)
  )
}
