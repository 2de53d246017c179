import { RETENTION_BATCH, type JobRetention, type OverdueOutput } from '../jobs/job-retention.ts'
import type { Database } from './connect.ts'
import { storableText } from './storable-text.ts'

const OVER =
  "ended_at < now() - make_interval(days => $1) and state in ('Finished', 'Failed', 'Killed', 'Canceled')"

/** How long rows of the jobs table are kept; see JobRetention for what it promises. */
export class PostgresJobRetention implements JobRetention {
  readonly #database: Pick<Database, 'query'>

  constructor({ database }: { readonly database: Pick<Database, 'query'> }) {
    this.#database = database
  }

  /** By the database's clock. */
  async overdueOutputs(days: number, node: string | null): Promise<readonly OverdueOutput[]> {
    return this.#database.query<OverdueOutput>(
      `select id, version from atelier.jobs
       where ${OVER} and output_removed_at is null and coalesce(node = $2, true) limit ${RETENTION_BATCH}`,
      [days, node === null ? null : storableText(node)],
    )
  }

  /** By the database's clock; several nodes that do it at once remove each row once. */
  async removeRows(days: number): Promise<number> {
    const removed = await this.#database.query(
      `delete from atelier.jobs where id in (
         select id from atelier.jobs where ${OVER} limit ${RETENTION_BATCH} for update skip locked)
       returning id`,
      [days],
    )
    return removed.length
  }

  /** In one statement. */
  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#database.query<{ readonly id: string }>(
      'select id from atelier.jobs where id = any($1)',
      [ids.map(storableText)],
    )
    return new Set(rows.map(({ id }) => id))
  }
}
