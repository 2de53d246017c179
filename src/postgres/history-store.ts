import type {
  HistoryEntry,
  HistoryQuery,
  KindUse,
  PlacedEntry,
  UserUse,
  WorkKind,
} from '../history/history-entry.ts'
import type { HistoryStore } from '../history/history-store.ts'
import type { Database } from './connect.ts'
import { ENDED_JOB_STATES, sqlWords } from './living-work-sql.ts'
import { storableText } from './storable-text.ts'

type EntryRow = {
  readonly kind: WorkKind
  readonly id: string
  readonly run: string
  readonly user_name: string
  readonly name: string | null
  readonly ide: HistoryEntry['ide']
  readonly job_kind: HistoryEntry['jobKind']
  readonly node: string
  readonly profile: string | null
  readonly created_at: Date
  readonly started_at: Date | null
  readonly ended_at: Date
  /** As text, since `pg` reads no large numbers. */
  readonly ended_micros: string
  readonly state: HistoryEntry['state']
  readonly reason: string | null
  readonly exit_code: number | null
  readonly cpu_seconds: number | null
  readonly peak_memory_bytes: number | null
}

const MICROS = '(extract(epoch from ended_at) * 1000000)::bigint as ended_micros'
const SESSIONS = `select 'session' as kind, session as id, id as run, user_name, name, ide, null as job_kind, node, profile,
  created_at, active_at as started_at, ended_at, ${MICROS}, state, reason, null::integer as exit_code, cpu_seconds,
  peak_memory_bytes::float8 from atelier.session_history`
const JOBS = `select 'job' as kind, id, id as run, user_name, name, null as ide, kind as job_kind, node, profile,
  created_at, started_at, ended_at, ${MICROS}, state, reason, exit_code, cpu_seconds,
  peak_memory_bytes::float8 from atelier.jobs`
const LATEST = 'order by ended_at desc, run desc'

/** The history of sessions, and the jobs that have ended; see HistoryStore for what it promises. */
export class PostgresHistoryStore implements HistoryStore {
  readonly #database: Pick<Database, 'query'>

  constructor({ database }: { readonly database: Pick<Database, 'query'> }) {
    this.#database = database
  }

  /** The latest end first, each source by an index of its own. */
  async list(query: HistoryQuery): Promise<readonly PlacedEntry[]> {
    // No job has an IDE.
    if (query.kind === 'job' && query.ide !== undefined) return []
    const { sql, values } = listStatement(query)
    const rows = await this.#database.query<EntryRow>(sql, values)
    return rows.map((row) => ({
      entry: toEntry(row),
      place: { endedAtMicros: Number(row.ended_micros), run: row.run },
    }))
  }

  /** By the database's clock. */
  async use(user: string, since: Date): Promise<UserUse> {
    const rows = await this.#database.query<{ kind: WorkKind } & KindUse>(
      `select kind, count(*)::int as count, coalesce(sum(cpu_seconds), 0) as "cpuSeconds",
         coalesce(sum(extract(epoch from greatest(ended - greatest(began, $2), interval '0')))::float8, 0) as seconds
       from (
         select 'session' as kind, coalesce(active_at, created_at) as began, ended_at as ended, cpu_seconds
           from atelier.session_history where user_name = $1 and ended_at >= $2
         union all
         select 'job', coalesce(started_at, ended_at), ended_at, cpu_seconds
           from atelier.jobs where user_name = $1 and ended_at >= $2
         union all
         select 'session', coalesce(active_at, begun_at, sessions.created_at), now(), usage.cpu_seconds
           from atelier.sessions left join atelier.usage
             on usage.kind = 'session' and usage.id = sessions.id and usage.epoch = sessions.epoch
           where user_name = $1 and state not in ('Stopped', 'Failed', 'Lost')
         union all
         select 'job', coalesce(started_at, now()), now(), usage.cpu_seconds
           from atelier.jobs left join atelier.usage
             on usage.kind = 'job' and usage.id = jobs.id and usage.epoch = jobs.epoch
           where user_name = $1 and ended_at is null and state not in (${sqlWords(ENDED_JOB_STATES)})
       ) as used group by kind`,
      [storableText(user), since],
    )
    const nothing: KindUse = { count: 0, seconds: 0, cpuSeconds: 0 }
    const of = (kind: WorkKind): KindUse => {
      const found = rows.find((row) => row.kind === kind)
      if (found === undefined) return nothing
      const { count, seconds, cpuSeconds } = found
      return { count, seconds, cpuSeconds }
    }
    return { session: of('session'), job: of('job') }
  }

  /** Of sessions; jobs are rows that somebody else keeps. */
  async prune(days: number): Promise<number> {
    const gone = await this.#database.query(
      `delete from atelier.session_history where ended_at < now() - make_interval(days => $1) returning id`,
      [days],
    )
    await this.#database.query(`delete from atelier.usage where at < now() - interval '1 day'`)
    return gone.length
  }
}

/** The statement of a list, with its values. */
function listStatement(query: HistoryQuery): { sql: string; values: readonly unknown[] } {
  const values: unknown[] = [query.limit]
  const place = (value: unknown): string => `$${values.push(value)}`
  const both: string[] = []
  if (query.user !== undefined) both.push(`user_name = ${place(storableText(query.user))}`)
  if (query.states !== undefined) both.push(`state = any(${place(query.states)})`)
  if (query.endedFrom !== undefined) both.push(`ended_at >= ${place(query.endedFrom)}`)
  if (query.endedBefore !== undefined) both.push(`ended_at < ${place(query.endedBefore)}`)
  if (query.after !== undefined) {
    const { endedAtMicros, run } = query.after
    const time = `timestamptz 'epoch' + ${place(endedAtMicros)}::float8 * interval '1 microsecond'`
    both.push(`(ended_at, id) < (${time}, ${place(storableText(run))})`)
  }
  const ofSessions = query.ide === undefined ? both : [...both, `ide = ${place(query.ide)}`]
  const isEnded = ['ended_at is not null', `state in (${sqlWords(ENDED_JOB_STATES)})`]
  const sources = [
    ...(query.kind === 'job' ? [] : [`${SESSIONS} ${where(ofSessions)}`]),
    ...(query.kind === 'session' || query.ide !== undefined
      ? []
      : [`${JOBS} ${where([...isEnded, ...both])}`]),
  ].map((source) => `(${source} order by ended_at desc, id desc limit $1)`)
  return {
    sql: `select * from (${sources.join(' union all ')}) as runs ${LATEST} limit $1`,
    values,
  }
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}

function toEntry(row: EntryRow): HistoryEntry {
  return {
    kind: row.kind,
    id: row.id,
    run: row.run,
    user: row.user_name,
    name: row.name,
    ide: row.ide,
    jobKind: row.job_kind,
    node: row.node,
    profile: row.profile,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    state: row.state,
    reason: row.reason,
    exitCode: row.exit_code,
    cpuSeconds: row.cpu_seconds,
    peakMemoryBytes: row.peak_memory_bytes,
  }
}
