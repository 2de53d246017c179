import { InvalidArgumentError } from 'commander'

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const DURATION = /^(\d+(?:\.\d+)?)([mhd])$/
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/

/** A time such as `90m`, `4h` or `2d`, in ms. Throws InvalidArgumentError for anything else. */
export function parseDuration(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? []
  if (count === undefined || Number(count) === 0) {
    throw new InvalidArgumentError('Say it as 90m, 4h or 2d.')
  }
  return Number(count) * UNIT_MS[unit === 'm' || unit === 'h' ? unit : 'd']
}

/**
 * A moment such as `18:00`, the next one by this machine's clock, or a date with a time. Throws InvalidArgumentError for
 * anything else.
 */
export function parseMoment(text: string, now: Date): Date {
  const [, hour, minute] = CLOCK.exec(text) ?? []
  if (hour !== undefined) {
    const moment = new Date(now)
    moment.setHours(Number(hour), Number(minute), 0, 0)
    if (moment <= now) moment.setDate(moment.getDate() + 1)
    return moment
  }
  const isDate = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)
  const moment = new Date(isDate ? text : Number.NaN)
  if (Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('Say it as 18:00, or 2026-11-24T18:00.')
  }
  return moment
}

/** How long until something happens, in its largest unit: `12m`, `3h`, `2d`; rounded down. */
export function formatLeft(ms: number): string {
  if (ms < UNIT_MS.h) return `${Math.max(0, Math.floor(ms / UNIT_MS.m))}m`
  return ms < 2 * UNIT_MS.d ? `${Math.floor(ms / UNIT_MS.h)}h` : `${Math.floor(ms / UNIT_MS.d)}d`
}
