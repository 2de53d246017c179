const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const WAITS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
]

/**
 * How long to wait, in ms, after so many attempts in vain; null once it is given up, after ten within about a day. `random`, from 0
 * to 1, spreads it by a tenth so that what failed at once is not sent at once.
 */
export function retryWait(attempts: number, random: number): number | null {
  const wait = WAITS[attempts - 1]
  return wait === undefined ? null : Math.round(wait * (1 + random / 10))
}
