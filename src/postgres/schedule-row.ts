import type { ScheduleChanges } from '../schedules/schedule-store.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { storableText } from './storable-text.ts'

/** A row of the table `atelier.schedules`, as `pg` reads it. */
export type ScheduleRow = {
  readonly id: string
  readonly user_name: string
  readonly name: string
  readonly cron: string
  readonly time_zone: string
  readonly missed: Schedule['missed']
  readonly overlap: Schedule['overlap']
  readonly enabled: boolean
  readonly request: Schedule['request']
  readonly next_at: Date | null
  readonly last_at: Date | null
  readonly last_job: string | null
  readonly last_problem: string | null
  readonly last_problem_at: Date | null
  readonly attempts: number
  readonly created_at: Date
  readonly version: number
}

/** The schedule that a row describes. */
export function toSchedule(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    user: row.user_name,
    name: row.name,
    cron: row.cron,
    timeZone: row.time_zone,
    missed: row.missed,
    overlap: row.overlap,
    enabled: row.enabled,
    request: row.request,
    nextAt: row.next_at,
    lastAt: row.last_at,
    lastJob: row.last_job,
    lastProblem: row.last_problem,
    lastProblemAt: row.last_problem_at,
    attempts: row.attempts,
    createdAt: row.created_at,
    version: row.version,
  }
}

const COLUMNS = {
  name: 'name',
  cron: 'cron',
  timeZone: 'time_zone',
  missed: 'missed',
  overlap: 'overlap',
  enabled: 'enabled',
  request: 'request',
  nextAt: 'next_at',
} as const satisfies Record<keyof ScheduleChanges, keyof ScheduleRow>

/** What these changes write, by column, as values for a statement. */
export function scheduleColumns(
  changes: ScheduleChanges,
): readonly (readonly [column: string, value: unknown])[] {
  return (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[])
    .filter((key) => changes[key] !== undefined)
    .map((key) => [COLUMNS[key], storable(changes[key])])
}

function storable(value: ScheduleChanges[keyof ScheduleChanges]): unknown {
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  )
}
