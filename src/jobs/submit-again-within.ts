import type { Config } from '../config.ts'

const HOUR_MS = 3_600_000
const MOST_MS = 12 * HOUR_MS
const USUAL_HOURS = 24

/**
 * For how long after it was handed over, in ms, a job of which the Launcher knows nothing was certainly never started: half of
 * the time for which Launcher clusters remember jobs that have ended.
 */
export function submitAgainWithin({ launcher }: Pick<Config, 'launcher'>): number {
  const hours = Object.values(launcher.clusters).map(({ job_expiry_hours: each }) => each)
  const least = hours.length === 0 ? USUAL_HOURS : Math.min(...hours)
  return Math.min(MOST_MS, (least * HOUR_MS) / 2)
}
