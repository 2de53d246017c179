import type {
  LivingStore,
  LivingTotals,
  LivingUser,
  LivingWork,
  MeasuredUse,
} from '../history/living-work.ts'
import type { Database } from './connect.ts'
import { LIVING_WORK } from './living-work-sql.ts'
import { storableText } from './storable-text.ts'

const TOTALS = `count(*) filter (where kind = 'session')::int as sessions,
  count(*) filter (where kind = 'job' and state <> 'Pending')::int as jobs,
  count(*) filter (where kind = 'job' and state = 'Pending')::int as waiting,
  coalesce(sum(cpu_percent), 0) as "cpuPercent", coalesce(sum(memory_bytes), 0) as "memoryBytes"`

/** What lives in the whole cluster; see LivingStore for what it promises. */
export class PostgresLivingStore implements LivingStore {
  readonly #database: Pick<Database, 'query'>

  constructor({ database }: { readonly database: Pick<Database, 'query'> }) {
    this.#database = database
  }

  /** In the order of their keys, so that two nodes cannot block each other. */
  async note(uses: readonly MeasuredUse[]): Promise<void> {
    if (uses.length === 0) return
    const of = <K extends keyof MeasuredUse>(key: K) => uses.map((use) => use[key])
    await this.#database.query(
      `with told as (
         select * from unnest($1::text[], $2::text[], $3::integer[], $4::float8[], $5::float8[], $6::float8[])
           as told (kind, id, epoch, cpu_percent, memory_bytes, cpu_seconds)
         order by kind, id, epoch),
       noted as (
         insert into atelier.usage as known (kind, id, epoch, cpu_percent, memory_bytes, cpu_seconds, peak_memory_bytes)
         select kind, id, epoch, cpu_percent, memory_bytes, cpu_seconds, memory_bytes from told
         on conflict (kind, id, epoch) do update set at = now(), cpu_percent = excluded.cpu_percent,
           memory_bytes = excluded.memory_bytes, cpu_seconds = greatest(known.cpu_seconds, excluded.cpu_seconds),
           peak_memory_bytes = greatest(known.peak_memory_bytes, excluded.peak_memory_bytes)
         returning kind, id, epoch, cpu_seconds, peak_memory_bytes)
       update atelier.session_history as ended set cpu_seconds = noted.cpu_seconds, peak_memory_bytes = noted.peak_memory_bytes
       from noted where noted.kind = 'session' and ended.id = noted.id || '.' || noted.epoch`,
      [
        of('kind'),
        of('id').map(storableText),
        of('epoch'),
        of('cpuPercent'),
        of('memoryBytes'),
        of('cpuSeconds'),
      ],
    )
  }

  /** The youngest first. */
  async list({
    user,
    limit,
  }: {
    readonly user?: string | undefined
    readonly limit: number
  }): Promise<readonly LivingWork[]> {
    return this.#database.query<LivingWork>(
      `select kind, id, user_name as user, name, what, state, node, created_at as "createdAt", started_at as "startedAt",
         cpu_percent as "cpuPercent", memory_bytes as "memoryBytes"
       from (${LIVING_WORK}) as living where $1::text is null or user_name = $1
       order by created_at desc, id limit $2`,
      [user === undefined ? null : storableText(user), limit],
    )
  }

  /** Those who use most processors first. */
  async users(limit: number): Promise<readonly LivingUser[]> {
    return this.#database.query<LivingUser>(
      `select user_name as user, ${TOTALS} from (${LIVING_WORK}) as living
       group by user_name order by "cpuPercent" desc, "memoryBytes" desc, user_name limit $1`,
      [limit],
    )
  }

  /** Of everybody. */
  async totals(): Promise<LivingTotals & { readonly users: number }> {
    const [row] = await this.#database.query<LivingTotals & { readonly users: number }>(
      `select count(distinct user_name)::int as users, ${TOTALS} from (${LIVING_WORK}) as living`,
    )
    return row ?? { users: 0, sessions: 0, jobs: 0, waiting: 0, cpuPercent: 0, memoryBytes: 0 }
  }
}
