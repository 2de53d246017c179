import { AtelierError } from '../errors.ts'
import type { NewJob } from '../jobs/job-store.ts'
import type {
  DueSchedule,
  NewSchedule,
  ScheduleChanges,
  ScheduleStore,
  TickOutcome,
} from '../schedules/schedule-store.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { scheduleColumns, toSchedule, type ScheduleRow } from './schedule-row.ts'
import { storableText } from './storable-text.ts'
import { runTick } from './tick-statement.ts'

/** What is due at the time of the database, which is that of the statement and not of its transaction. */
const NOW = 'clock_timestamp()'

/** The schedules table; see ScheduleStore for what it promises. */
export class PostgresScheduleStore implements ScheduleStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  async now(): Promise<Date> {
    const [row] = await this.#database.query<{ now: Date }>(`select ${NOW} as now`)
    if (row === undefined) throw new Error('the database tells no time')
    return row.now
  }

  async list(user?: string): Promise<readonly Schedule[]> {
    const rows = await this.#database.query<ScheduleRow>(
      `select * from atelier.schedules where coalesce(user_name = $1, true) order by created_at, id`,
      [user === undefined ? null : storableText(user)],
    )
    return rows.map(toSchedule)
  }

  async get(id: string): Promise<Schedule | undefined> {
    const [row] = await this.#database.query<ScheduleRow>(
      'select * from atelier.schedules where id = $1',
      [storableText(id)],
    )
    return row && toSchedule(row)
  }

  async insert({ id, user, ...choice }: NewSchedule, most: number | null): Promise<Schedule> {
    const columns = scheduleColumns(choice)
    const [row] = await this.#database.query<ScheduleRow & { readonly used: number | null }>(
      `with used as materialized (
         select case when $3::int is not null then atelier.count_schedules($2) end as count),
       inserted as (
         insert into atelier.schedules (id, user_name, ${columns.map(([name]) => name).join(', ')})
         select $1, $2, ${columns.map(([name], place) => `$${place + 4}::${typeOf(name)}`).join(', ')}
         from used where coalesce(count < $3::int, true) returning *)
       select inserted.*, used.count as used from used left join inserted on true`,
      [id, storableText(user), most, ...columns.map(([, value]) => value)],
    )
    if (!isRow(row)) throw new AtelierError('LIMIT_REACHED', schedulesLimitSentence(most ?? 0))
    return this.#hinted(row)
  }

  async update(
    id: string,
    version: number,
    changes: ScheduleChanges,
  ): Promise<Schedule | undefined> {
    const columns = scheduleColumns(changes)
    const assigned = columns.map(([name], place) => `${name} = $${place + 3}`)
    // What keeps a tick of the old time from being made holds up no tick of the new one.
    if (changes.nextAt !== undefined) {
      assigned.push('held_until = null', 'attempts = 0', 'last_problem = null')
      assigned.push('last_problem_at = null')
    }
    const [row] = await this.#database.query<ScheduleRow>(
      `update atelier.schedules set ${['version = version + 1', ...assigned].join(', ')}
       where id = $1 and version = $2 returning *`,
      [storableText(id), version, ...columns.map(([, value]) => value)],
    )
    return row && this.#hinted(row)
  }

  async remove(id: string): Promise<boolean> {
    const [row] = await this.#database.query<ScheduleRow>(
      'delete from atelier.schedules where id = $1 returning *',
      [storableText(id)],
    )
    if (row !== undefined) this.#hinted(row)
    return row !== undefined
  }

  async ran(id: string, job: string): Promise<void> {
    const [row] = await this.#database.query<ScheduleRow>(
      'update atelier.schedules set last_job = $2, version = version + 1 where id = $1 returning *',
      [storableText(id), job],
    )
    if (row !== undefined) this.#hinted(row)
  }

  async claim(most: number, lease: number): Promise<readonly DueSchedule[]> {
    const rows = await this.#database.query<ScheduleRow & { readonly now: Date }>(
      `with due as (
         select id from atelier.schedules
         where enabled and next_at <= ${NOW} and coalesce(held_until <= ${NOW}, true)
         order by next_at limit $1 for update skip locked)
       update atelier.schedules as schedule set held_until = ${NOW} + $2 * interval '1 ms'
       from due where schedule.id = due.id returning schedule.*, ${NOW} as now`,
      [most, lease],
    )
    return rows.map((row) => ({ schedule: toSchedule(row), now: row.now }))
  }

  async untilDue(): Promise<number | null> {
    const [row] = await this.#database.query<{ ms: number | null }>(
      `select extract(epoch from min(greatest(next_at, held_until)) - ${NOW})::float8 * 1000 as ms
       from atelier.schedules where enabled and next_at is not null`,
    )
    return row?.ms ?? null
  }

  async run(
    schedule: Schedule,
    next: Date | null,
    job: NewJob,
    mostLiving: number | null,
  ): Promise<TickOutcome> {
    const outcome = await runTick(this.#database, { schedule, next, job, mostLiving })
    if (outcome.did === 'run') {
      const { id, version } = outcome.job
      sendHint(this.#database, { kind: 'job', id, version })
      sendHint(this.#database, { kind: 'schedule', id: schedule.id })
    }
    return outcome
  }

  async pass(schedule: Schedule, next: Date | null, problem: string | null): Promise<boolean> {
    return this.#goOn(schedule, problem, 'next_at = $5, attempts = 0, held_until = null', next)
  }

  async postpone(schedule: Schedule, wait: number, problem: string): Promise<boolean> {
    const assigned = `attempts = attempts + 1, held_until = ${NOW} + $5 * interval '1 ms'`
    return this.#goOn(schedule, problem, assigned, wait)
  }

  async #goOn(
    { id, version, nextAt }: Schedule,
    problem: string | null,
    assigned: string,
    value: Date | number | null,
  ): Promise<boolean> {
    const [row] = await this.#database.query<ScheduleRow>(
      `update atelier.schedules set version = version + 1, ${assigned},
         last_problem = coalesce($4, last_problem),
         last_problem_at = case when $4::text is null then last_problem_at else ${NOW} end
       where id = $1 and version = $2 and next_at = $3 returning *`,
      [id, version, nextAt, problem === null ? null : storableText(problem), value],
    )
    if (row !== undefined) this.#hinted(row)
    return row !== undefined
  }

  #hinted(row: ScheduleRow): Schedule {
    sendHint(this.#database, { kind: 'schedule', id: row.id })
    return toSchedule(row)
  }
}

function isRow(row: Partial<ScheduleRow> | undefined): row is ScheduleRow {
  return typeof row?.id === 'string'
}

function typeOf(column: string): string {
  if (column === 'request') return 'jsonb'
  if (column === 'next_at') return 'timestamptz'
  return column === 'enabled' ? 'boolean' : 'text'
}

function schedulesLimitSentence(most: number): string {
  if (most === 0) return 'Your administrator allows you no schedules.'
  return `You have ${most} schedule${most === 1 ? '' : 's'}, which is as many as may be; delete one first.`
}
