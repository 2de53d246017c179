import type { Delivery, DeliveryStore, DeliveryTry } from '../webhooks/delivery-store.ts'
import type { Database } from './connect.ts'
import { storableText } from './storable-text.ts'

/** The table of webhooks to be sent, whose rows a trigger adds; see DeliveryStore for what it promises. */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  async claim(most: number, lease: number): Promise<readonly Delivery[]> {
    const rows = await this.#database.query<DeliveryRow>(
      `with due as (
         select job from atelier.webhook_deliveries
         where state = 'waiting' and next_at <= now() and coalesce(held_until <= now(), true)
         order by next_at limit $1 for update skip locked)
       update atelier.webhook_deliveries as delivery
       set attempts = attempts + 1, held_until = now() + $2 * interval '1 ms'
       from due where delivery.job = due.job returning delivery.*`,
      [most, lease],
    )
    return rows.map(toDelivery)
  }

  async untilDue(): Promise<number | null> {
    const [row] = await this.#database.query<{ ms: number | null }>(
      `select extract(epoch from min(greatest(next_at, held_until)) - now())::float8 * 1000 as ms
       from atelier.webhook_deliveries where state = 'waiting'`,
    )
    return row?.ms ?? null
  }

  async finish(
    { job, attempts }: Delivery,
    state: 'delivered' | 'failed',
    told: DeliveryTry,
  ): Promise<void> {
    await this.#database.query(
      `update atelier.webhook_deliveries set state = $3, held_until = null, tries = tries || $4::jsonb
       where job = $1 and attempts = $2 and state = 'waiting'`,
      [job, attempts, state, JSON.stringify([told])],
    )
  }

  async retry({ job, attempts }: Delivery, wait: number, told: DeliveryTry): Promise<void> {
    await this.#database.query(
      `update atelier.webhook_deliveries set held_until = null, tries = tries || $4::jsonb,
         next_at = now() + $3 * interval '1 ms'
       where job = $1 and attempts = $2 and state = 'waiting'`,
      [job, attempts, wait, JSON.stringify([told])],
    )
  }

  async ofJob(job: string): Promise<readonly Delivery[]> {
    const rows = await this.#database.query<DeliveryRow>(
      'select * from atelier.webhook_deliveries where job = $1',
      [storableText(job)],
    )
    return rows.map(toDelivery)
  }
}

type DeliveryRow = {
  readonly id: string
  readonly job: string
  readonly user_name: string
  readonly url: string
  readonly state: Delivery['state']
  readonly attempts: number
  readonly tries: readonly DeliveryTry[]
  readonly next_at: Date
  readonly created_at: Date
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    job: row.job,
    user: row.user_name,
    url: row.url,
    state: row.state,
    attempts: row.attempts,
    tries: row.tries,
    nextAt: row.next_at,
    createdAt: row.created_at,
  }
}
