/** Up to where an axis goes, and which values are written beside it. */
export interface Axis {
  readonly top: number
  readonly ticks: readonly number[]
}

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200]
const DAY_S = 86_400
const MOST_TICKS = 5

/**
 * The axis for values up to `most`, with round numbers of `base` 10 or 2. A limit is in it unless it is more than three times
 * as high, for it would press the values flat.
 */
export function valueAxis(most: number, limit: number | null, base: 2 | 10): Axis {
  if (limit !== null && most > limit / 3) {
    return { top: Math.max(most, limit) * 1.15, ticks: [0, limit / 2, limit] }
  }
  if (most <= 0) return { top: 1, ticks: [0] }
  const unit = base ** Math.floor(Math.log(most) / Math.log(base))
  const part = base === 2 ? unit / 2 : unit
  const top = Math.ceil(most / part) * part
  return { top, ticks: [0, top / 2, top] }
}

/** The axis for a time of so many ms, with a few round numbers of ms. */
export function timeAxis(ms: number): Axis {
  const seconds = ms / 1000
  const known = TIME_STEPS.find((step) => seconds / step < MOST_TICKS)
  const step = known ?? Math.ceil(seconds / MOST_TICKS / DAY_S) * DAY_S
  const count = Math.floor(seconds / step) + 1
  return { top: ms, ticks: Array.from({ length: count }, (_, n) => n * step * 1000) }
}
