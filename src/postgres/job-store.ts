import { AtelierError } from '../errors.ts'
import { jobsLimitSentence, lostJobSentence, STOPPED_WHILE_LOST } from '../jobs/job-sentences.ts'
import type { JobChanges, JobListQuery, JobStore, NewJob } from '../jobs/job-store.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Idempotency } from '../sessions/session-store.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { jobListStatement } from './job-list.ts'
import { jobAssignments, newJobColumns, toJob, type JobRow } from './job-row.ts'
import { storableText } from './storable-text.ts'

const KEY_LIFE = "interval '24 hours'"
const LIVING = "state not in ('Finished', 'Failed', 'Killed', 'Canceled')"
/** In the statement itself, and locked: once a node is drained, no job that was placed a moment before slips in. */
const nodeOf = (name: string): string => `with node as materialized (
  select draining or left_at is not null or lost_at is not null as closed from atelier.nodes where name = ${name} for share)`
const ONCE = 'on conflict (user_name, idempotency_key) where idempotency_key is not null do nothing'

/** What came of a statement that counts: the new row, or nothing of it, and how many there are before. */
type CountedRow = Partial<JobRow> & { readonly used: number | null; readonly closed?: boolean }

/** The jobs table; see JobStore for what it promises. */
export class PostgresJobStore implements JobStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  /** The latest first. */
  async list(query: JobListQuery): Promise<readonly WorkbenchJob[]> {
    const { sql, values } = jobListStatement(query)
    return (await this.#database.query<JobRow>(sql, values)).map(toJob)
  }

  /** By its id. */
  async get(id: string): Promise<WorkbenchJob | undefined> {
    return (await this.some([id]))[0]
  }

  /** The rows with these ids. */
  async some(ids: readonly string[]): Promise<readonly WorkbenchJob[]> {
    const rows = await this.#database.query<JobRow>(
      'select * from atelier.jobs where id = any($1)',
      [ids.map(storableText)],
    )
    return rows.map(toJob)
  }

  /** Of a node or of all, oldest first. */
  async living(node?: string): Promise<readonly WorkbenchJob[]> {
    const rows = await this.#database.query<JobRow>(
      `select * from atelier.jobs where ${LIVING} and coalesce(node = $1, true) order by created_at, id`,
      [node === undefined ? null : storableText(node)],
    )
    return rows.map(toJob)
  }

  /** Inserts a job that is Pending. Throws NO_NODE if its node takes none, LIMIT_REACHED if it is one too many. */
  async insert(job: NewJob, mostLiving: number | null = null): Promise<WorkbenchJob> {
    const inserted = await this.#insert(job, mostLiving, '', [])
    // Drained when it was to be inserted, and not any more when that was asked.
    if (inserted === undefined) throw new AtelierError('NO_NODE')
    return inserted
  }

  /** Inserts unless the user has used the key within 24 hours; of several at once one inserts. */
  async insertOnce(
    job: NewJob,
    once: Idempotency,
    mostLiving: number | null = null,
  ): Promise<WorkbenchJob | undefined> {
    await this.#database.query(
      `update atelier.jobs set idempotency_key = null
       where user_name = $1 and idempotency_key = $2 and created_at <= now() - ${KEY_LIFE}`,
      [job.user, once.key].map(storableText),
    )
    return this.#insert(job, mostLiving, ONCE, [once.key, once.fingerprint])
  }

  /** By user and key, for 24 hours. */
  async submittedWith(
    user: string,
    key: string,
  ): Promise<{ readonly job: WorkbenchJob; readonly fingerprint: string } | undefined> {
    const [row] = await this.#database.query<JobRow>(
      `select * from atelier.jobs
       where user_name = $1 and idempotency_key = $2 and created_at > now() - ${KEY_LIFE}`,
      [user, key].map(storableText),
    )
    return row && { job: toJob(row), fingerprint: row.idempotency_fingerprint ?? '' }
  }

  /** Compare-and-set by version. */
  async update(
    id: string,
    version: number,
    changes: JobChanges,
  ): Promise<WorkbenchJob | undefined> {
    const { sql, values } = jobAssignments(changes, 3)
    const rows = await this.#database.query<JobRow>(
      `update atelier.jobs set ${sql} where id = $1 and version = $2 returning *`,
      [storableText(id), version, ...values],
    )
    return this.#hint(rows)[0]
  }

  /** Compare-and-set by version; whose turn it is is decided one by one, which is why nobody is counted without a limit. */
  async handOver(
    id: string,
    version: number,
    most: number | null,
  ): Promise<WorkbenchJob | 'waits' | undefined> {
    const isOpen = "id = $1 and version = $2 and submitted_at is null and state = 'Pending'"
    const [row] = await this.#database.query<CountedRow>(
      `with job as materialized (select id, user_name from atelier.jobs where ${isOpen}),
         used as materialized (
           select case when $3::int is not null then atelier.count_jobs(user_name, id) end as count from job),
         changed as (
           update atelier.jobs set submitted_at = now(), reason = null, stands_aside = false, version = version + 1
           from used where ${isOpen} and coalesce(count < $3::int, true) returning jobs.*)
       select changed.*, count as used from used left join changed on true`,
      [storableText(id), version, most],
    )
    if (isRow(row)) return this.#hint([row])[0]
    return row?.used != null && most !== null && row.used >= most ? 'waits' : undefined
  }

  /** Compare-and-set by version; the condition that the node takes jobs is in the statement, as for an insert. */
  async move(id: string, version: number, node: string): Promise<WorkbenchJob | undefined> {
    const rows = await this.#database.query<JobRow>(
      `${nodeOf('$3')} update atelier.jobs set
         node = $3, epoch = epoch + 1, version = version + 1, reason = null, stands_aside = false
       where id = $1 and version = $2 and submitted_at is null and state = 'Pending'
         and not coalesce((select closed from node), false) returning *`,
      [storableText(id), version, storableText(node)],
    )
    if (rows.length === 0) await this.#requireNode(node)
    return this.#hint(rows)[0]
  }

  /** In one statement with the look at the node, so that one that comes back in that moment loses nothing. */
  async lose(node: string): Promise<readonly WorkbenchJob[]> {
    const rows = await this.#database.query<JobRow>(
      `update atelier.jobs set version = version + 1, state_at = now(),
         state = case when desired = 'running' then 'Lost' else 'Killed' end,
         reason = case when desired = 'running' then $2 else $3 end,
         ended_at = case when desired = 'running' then ended_at else now() end
       where node = $1 and submitted_at is not null and state in ('Pending', 'Running', 'Suspended')
         and not exists (select from atelier.nodes where name = $1 and lost_at is null)
       returning *`,
      [storableText(node), lostJobSentence(node), STOPPED_WHILE_LOST],
    )
    return this.#hint(rows)
  }

  async #insert(
    job: NewJob,
    mostLiving: number | null,
    conflict: string,
    marks: readonly [] | readonly [key: string, fingerprint: string],
  ): Promise<WorkbenchJob | undefined> {
    const [key = null, fingerprint = null] = marks
    const columns = newJobColumns(job, { key, fingerprint })
    const places = columns.map(({ type }, place) => `$${place + 4}::${type}`)
    const [row] = await this.#database.query<CountedRow>(
      `${nodeOf('$1')},
         used as materialized (select case when $3::int is not null then atelier.count_jobs($2) end as count),
         inserted as (
           insert into atelier.jobs (${columns.map(({ name }) => name).join(', ')})
           select ${places.join(', ')} from used
           where not coalesce((select closed from node), false) and coalesce(count < $3::int, true)
           ${conflict} returning *)
       select inserted.*, used.count as used, coalesce((select closed from node), false) as closed
       from used left join inserted on true`,
      [
        storableText(job.node),
        storableText(job.user),
        mostLiving,
        ...columns.map(({ value }) => value),
      ],
    )
    if (isRow(row)) return this.#hint([row])[0]
    if (row?.closed) throw new AtelierError('NO_NODE')
    if (row?.used == null || mostLiving === null || row.used < mostLiving) return undefined
    // The job that used up the limit may be the one that this very request has submitted already.
    if (key !== null && (await this.submittedWith(job.user, key)) !== undefined) return undefined
    throw new AtelierError('LIMIT_REACHED', jobsLimitSentence(mostLiving))
  }

  async #requireNode(node: string): Promise<void> {
    const [row] = await this.#database.query<{ closed: boolean | null }>(
      `${nodeOf('$1')} select closed from node`,
      [storableText(node)],
    )
    if (row?.closed) throw new AtelierError('NO_NODE')
  }

  #hint(rows: readonly JobRow[]): readonly WorkbenchJob[] {
    for (const { id, version } of rows) sendHint(this.#database, { kind: 'job', id, version })
    return rows.map(toJob)
  }
}

function isRow(row: CountedRow | undefined): row is JobRow & CountedRow {
  return typeof row?.id === 'string'
}
