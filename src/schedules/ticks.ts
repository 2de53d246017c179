import { Cron } from 'croner'

/** When there are ticks: a cron expression in a time zone. */
export interface Timing {
  /** Five fields, or six with seconds first. */
  readonly cron: string
  /** An IANA time zone. */
  readonly timeZone: string
}

/** How many ticks are looked at to find those that are close to each other. */
const LOOK_AHEAD = 200

/**
 * The first tick after a time, or null if there is none. Where clocks are put forward, a tick at fixed times of the day that
 * falls into the gap comes at the end of the gap, and ticks of a wildcard or a step that fall into it do not exist. Where they
 * are put back, fixed times come once, the first time, and those of a wildcard or a step both times. Throws if the
 * expression or the zone is none.
 */
export function tickAfter(timing: Timing, time: Date): Date | null {
  return parsed(timing).nextRun(time)
}

/** The latest tick at a time or before it, and after `since`; undefined if there is none. */
export function latestTick(timing: Timing, since: Date, time: Date): Date | undefined {
  // It answers what is before a time.
  const [latest] = parsed(timing).previousRuns(1, new Date(time.getTime() + 1))
  return latest !== undefined && latest > since ? latest : undefined
}

/**
 * What is wrong with an expression or a zone, as a sentence; undefined if nothing is. Ticks must not be closer to each other
 * than `shortest`, in seconds.
 */
export function timingProblem(timing: Timing, shortest: number, now: Date): string | undefined {
  if (!isTimeZone(timing.timeZone)) {
    return `timeZone: there is no time zone "${timing.timeZone}"; write it as Europe/Berlin or UTC.`
  }
  if (!/^\s*\S+(\s+\S+){4,5}\s*$/.test(timing.cron)) {
    return 'cron: write five fields, minute hour day month weekday, such as "30 6 * * MON-FRI".'
  }
  let ticks: readonly Date[]
  try {
    ticks = parsed(timing).nextRuns(LOOK_AHEAD, now)
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error)
    return `cron: is not understood (${said}).`
  }
  if (ticks.length === 0) return 'cron: there is no such day.'
  return smallestGap(ticks) < shortest * 1000
    ? `cron: runs must be at least ${shortest} seconds apart here.`
    : undefined
}

function parsed({ cron, timeZone }: Timing): Cron {
  return new Cron(cron.trim(), {
    timezone: timeZone,
    mode: '5-or-6-parts',
    // As Vixie cron: also lists of hours, such as 2,14, are fixed times.
    fixedTimeRule: 'no-wildcard',
    paused: true,
  })
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    // What it takes besides, such as +02:00, knows no summer time.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

function smallestGap(ticks: readonly Date[]): number {
  let smallest = Infinity
  let previous: Date | undefined
  for (const tick of ticks) {
    if (previous !== undefined) smallest = Math.min(smallest, tick.getTime() - previous.getTime())
    previous = tick
  }
  return smallest
}
