import type { IdleLimits, StopCause } from './idle-policy.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** A time in its largest units, exact to the second: `8 hours`, `1 day`, `1 hour 30 minutes`. Up to two days are told in hours. */
export function formatDuration(ms: number): string {
  let left = Math.max(1, Math.round(ms / 1000))
  const words: string[] = []
  for (const [unit, seconds] of UNITS) {
    const count = unit === 'day' && left < 2 * seconds ? 0 : Math.floor(left / seconds)
    left -= count * seconds
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return words.join(' ')
}

/** Why a session is stopped, as a sentence for its owner. */
export function stopSentence(cause: StopCause, limits: IdleLimits): string {
  return cause === 'idle'
    ? `Stopped after ${formatDuration(limits.stopIdleAfter)} without use.`
    : `Stopped at its maximum age of ${formatDuration(limits.maximumAge)}.`
}
