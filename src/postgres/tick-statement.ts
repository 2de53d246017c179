import { AtelierError } from '../errors.ts'
import { jobsLimitSentence } from '../jobs/job-sentences.ts'
import type { NewJob } from '../jobs/job-store.ts'
import type { TickOutcome } from '../schedules/schedule-store.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Database } from './connect.ts'
import { newJobColumns, toJob, type JobRow } from './job-row.ts'
import { storableText } from './storable-text.ts'

/** What the statement saw, and what it did. */
type TickRow = Partial<JobRow> & {
  readonly due: boolean
  readonly closed: boolean
  readonly busy: boolean
  readonly used: number | null
}

/**
 * Inserts the job of a tick and moves the schedule on to the next, in one statement: a node that dies has done both or nothing.
 * The lock on the schedule's row lets one after the other in, and whoever comes second finds another tick. Throws NO_NODE and
 * LIMIT_REACHED.
 */
export async function runTick(
  database: Pick<Database, 'query'>,
  parts: {
    readonly schedule: Schedule
    readonly next: Date | null
    readonly job: NewJob
    readonly mostLiving: number | null
  },
): Promise<TickOutcome> {
  const { schedule, next, job, mostLiving } = parts
  const columns = newJobColumns(job, { key: null, fingerprint: null })
  const places = columns.map(({ type }, place) => `$${place + 9}::${type}`)
  const [row] = await database.query<TickRow>(
    `with due as materialized (
       select id, overlap from atelier.schedules
       where id = $1 and version = $2 and enabled and next_at = $3 and next_at <= clock_timestamp() for update),
     node as materialized (
       select draining or left_at is not null or lost_at is not null as closed
       from atelier.nodes, due where name = $4 for share of nodes),
     seen as materialized (
       select exists (select from due) as due, coalesce((select closed from node), false) as closed,
         exists (select from due join atelier.jobs on jobs.schedule = due.id and due.overlap = 'skip'
                 where state in ('Pending', 'Running', 'Suspended')) as busy,
         case when $5::int is not null and exists (select from due) then atelier.count_jobs($6) end as used),
     inserted as (
       insert into atelier.jobs (${columns.map(({ name }) => name).join(', ')})
       select ${places.join(', ')} from seen
       where due and not closed and not busy and coalesce(used < $5::int, true)
       on conflict (schedule, tick) do nothing returning *),
     moved as (
       update atelier.schedules set next_at = $7, last_at = $8, last_job = inserted.id, attempts = 0,
         held_until = null, last_problem = null, last_problem_at = null, version = schedules.version + 1
       from inserted where schedules.id = inserted.schedule)
     select inserted.*, seen.* from seen left join inserted on true`,
    [
      schedule.id,
      schedule.version,
      schedule.nextAt,
      storableText(job.node),
      mostLiving,
      storableText(job.user),
      next,
      job.tick,
      ...columns.map(({ value }) => value),
    ],
  )
  if (row === undefined) throw new Error('the statement of a tick answers one row')
  return outcome(row, mostLiving)
}

function outcome(row: TickRow, mostLiving: number | null): TickOutcome {
  if (isJob(row)) return { did: 'run', job: toJob(row) }
  if (!row.due) return { did: 'nothing' }
  if (row.busy) return { did: 'overlap' }
  if (row.closed) throw new AtelierError('NO_NODE')
  if (row.used !== null && mostLiving !== null && row.used >= mostLiving) {
    throw new AtelierError('LIMIT_REACHED', jobsLimitSentence(mostLiving))
  }
  return { did: 'exists' }
}

function isJob(row: TickRow): row is TickRow & JobRow {
  return typeof row.id === 'string'
}
