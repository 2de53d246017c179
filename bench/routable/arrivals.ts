/**
 * Moments, in ms from the beginning, of `count` events that come independently of each other, on average `perSecond` of them
 * in a second; `random` answers numbers from 0 to 1, without 1.
 */
export function arrivals(
  perSecond: number,
  count: number,
  random: () => number,
): readonly number[] {
  let at = 0
  return Array.from({ length: count }, () => (at -= (Math.log(1 - random()) * 1000) / perSecond))
}

/** One monotonic clock for all processes of the machine, in ms. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
