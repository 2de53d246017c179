import type { Schedule } from './schedule.ts'
import { latestTick, tickAfter } from './ticks.ts'

/** How late a run may be, in ms, until it counts as missed. */
export const GRACE_MS = 60_000

/** What is to be done about a schedule now. */
export type TickStep =
  | { readonly do: 'wait' }
  /** A job is to be started for this tick, and the schedule then goes on with the next. */
  | { readonly do: 'run'; readonly tick: Date; readonly next: Date | null }
  /** Ticks were missed, and none of them is to be run. */
  | { readonly do: 'pass'; readonly next: Date | null }

/**
 * Decides by the database's time. A tick that is late by no more than the grace is run, each by itself. Those that are later are
 * missed: by the rule `skip` they are passed over, up to the first that is not missed; by `once` the latest tick that is due is
 * run for all that are.
 */
export function nextTick(
  schedule: Pick<Schedule, 'cron' | 'timeZone' | 'missed' | 'enabled' | 'nextAt'>,
  now: Date,
  grace: number = GRACE_MS,
): TickStep {
  const { nextAt, missed, enabled } = schedule
  if (!enabled || nextAt === null || nextAt > now) return { do: 'wait' }
  if (now.getTime() - nextAt.getTime() <= grace) {
    return { do: 'run', tick: nextAt, next: tickAfter(schedule, nextAt) }
  }
  if (missed === 'skip') {
    // A millisecond before, as the tick just then is not missed yet.
    return { do: 'pass', next: tickAfter(schedule, new Date(now.getTime() - grace - 1)) }
  }
  const tick = latestTick(schedule, nextAt, now) ?? nextAt
  return { do: 'run', tick, next: tickAfter(schedule, now) }
}
