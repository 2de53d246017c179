import { Cron } from 'croner'
import cronstrue from 'cronstrue'

/** How a cron expression is understood. */
export interface CronReading {
  /** `At 06:30, Monday through Friday`; null if it is not understood. */
  readonly words: string | null
  /** The next times. */
  readonly next: readonly Date[]
  /** What is wrong with it; null if nothing is. */
  readonly problem: string | null
}

const NEXT = 5

/** The expression in words, and the next five times after `now`, in ms since 1970, in an IANA time zone. */
export function readCron(cron: string, timeZone: string, now: number): CronReading {
  const refused = (problem: string): CronReading => ({ words: null, next: [], problem })
  if (!/^\s*\S+(\s+\S+){4,5}\s*$/.test(cron)) {
    return refused('Write five fields: minute, hour, day, month and weekday, such as 30 6 * * 1-5.')
  }
  try {
    // As the server reads it.
    const timing = new Cron(cron.trim(), {
      timezone: timeZone,
      mode: '5-or-6-parts',
      fixedTimeRule: 'no-wildcard',
      paused: true,
    })
    const next = timing.nextRuns(NEXT, new Date(now))
    if (next.length === 0) return refused('There is no such day.')
    return { words: cronWords(cron), next, problem: null }
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error)
    return refused(`This is not understood: ${said}`)
  }
}

/** A cron expression in words; the expression itself if it has none. */
export function cronWords(cron: string): string {
  try {
    return cronstrue.toString(cron.trim(), { use24HourTimeFormat: true })
  } catch {
    return cron
  }
}

/** A time in a time zone as people say it: `Fri, Nov 27, 06:00`. */
export function formatInZone(time: Date, timeZone: string): string {
  return time.toLocaleString(undefined, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** The time zone of this browser. */
export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}
