import type { ErrorCode } from '../errors.ts'
import { GRACE_MS } from './next-tick.ts'
import type { Schedule } from './schedule.ts'
import { tickAfter } from './ticks.ts'

/** How often a tick is tried by the rule `once`: for about seven hours. */
const MOST_ATTEMPTS = 16
const FIRST_WAIT_MS = 5000
const LONGEST_WAIT_MS = 3_600_000

/** What may be otherwise in a moment, without anybody changing the schedule. */
const PASSING: readonly ErrorCode[] = [
  'LIMIT_REACHED',
  'NO_NODE',
  'LAUNCHER_UNAVAILABLE',
  'NAME_SERVICE_UNAVAILABLE',
  'INTERNAL',
]

/** What is done about a tick whose job was refused. */
export type RefusalStep =
  | { readonly do: 'again'; readonly wait: number }
  | { readonly do: 'pass'; readonly next: Date | null }

/**
 * Decides that by the database's time. What cannot get better by itself, such as an account or a profile that is gone, is not tried
 * again until the next tick. All else is tried again until the run counts as missed, and by the rule `once` some hours longer, with
 * growing waits in ms.
 */
export function afterRefusal(
  schedule: Pick<Schedule, 'cron' | 'timeZone' | 'missed' | 'nextAt' | 'attempts'>,
  code: ErrorCode,
  now: Date,
  grace: number = GRACE_MS,
): RefusalStep {
  const { nextAt, missed, attempts } = schedule
  const wait = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS)
  const late = now.getTime() + wait - (nextAt ?? now).getTime()
  const isMissed = late > grace
  const isOver = isMissed && (missed === 'skip' || attempts + 1 >= MOST_ATTEMPTS)
  if (!PASSING.includes(code) || isOver) return { do: 'pass', next: tickAfter(schedule, now) }
  return { do: 'again', wait }
}
