const HOUR_MS = 3_600_000

/** A time until when a session can be kept, and what it is called. */
export interface KeepChoice {
  readonly label: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/**
 * The usual times until when one keeps a session, of those that are allowed: an hour, tonight, tomorrow and a week, by the
 * clock of the browser. `now` and `atMost` are in ms since 1970.
 */
export function keepChoices(now: number, atMost: number): readonly KeepChoice[] {
  const choices = [
    { label: 'For 1 hour', until: now + HOUR_MS },
    { label: 'Tonight', until: at(now, 0, 23) },
    { label: 'Tomorrow', until: at(now, 1, 18) },
    // A little less, as the limit itself may have moved on when the wish arrives.
    { label: 'For a week', until: at(now, 7, 0) },
  ]
  return choices.filter(({ until }, index) => {
    const isLater = choices.slice(0, index).every((earlier) => earlier.until < until)
    return isLater && until <= atMost
  })
}

function at(now: number, days: number, hour: number): number {
  const date = new Date(now)
  date.setDate(date.getDate() + days)
  date.setHours(hour, 0, 0, 0)
  return date.getTime()
}

/** A moment as an input of type datetime-local has it, in the zone of the browser: `2026-11-23T18:00`. */
export function toInput(ms: number): string {
  const date = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}
