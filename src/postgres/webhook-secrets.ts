import { randomBytes } from 'node:crypto'
import type { SecretSeeds, SecretStore } from '../webhooks/webhook-secrets.ts'
import type { Database } from './connect.ts'
import { storableText } from './storable-text.ts'

/** The table of what the secrets of webhooks are made from. */
export class PostgresWebhookSecrets implements SecretStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  async of(user: string): Promise<SecretSeeds> {
    return (await this.#find(user)) ?? (await this.#make(user))
  }

  async replace(user: string): Promise<SecretSeeds> {
    const [row] = await this.#database.query<SecretSeeds>(
      `insert into atelier.webhook_secrets as old (user_name, seed) values ($1, $2)
       on conflict (user_name) do update
       set seed = excluded.seed, seed_before = old.seed, made_at = now() returning ${SEEDS}`,
      [storableText(user), newSeed()],
    )
    if (row === undefined) throw new Error('the new seed is missing from the answer')
    return row
  }

  async #find(user: string): Promise<SecretSeeds | undefined> {
    const [row] = await this.#database.query<SecretSeeds>(
      `select ${SEEDS} from atelier.webhook_secrets where user_name = $1`,
      [storableText(user)],
    )
    return row
  }

  async #make(user: string): Promise<SecretSeeds> {
    await this.#database.query(
      'insert into atelier.webhook_secrets (user_name, seed) values ($1, $2) on conflict do nothing',
      [storableText(user), newSeed()],
    )
    const made = await this.#find(user)
    if (made === undefined) throw new Error('the new seed is missing')
    return made
  }
}

const SEEDS = `seed, case when made_at > now() - interval '1 day' then seed_before end as before`

function newSeed(): string {
  return randomBytes(16).toString('base64url')
}
