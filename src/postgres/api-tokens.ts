import type { ApiToken, ApiTokenStore, NewApiToken } from '../auth/api-token.ts'
import type { Scope } from '../auth/scopes.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { storableText } from './storable-text.ts'

/** The table of API tokens. */
export class PostgresApiTokens implements ApiTokenStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  /** Stores a token; those that expired more than 30 days ago are removed. */
  async insert({ id, user, name, scopes, hash, expiresInDays }: NewApiToken): Promise<ApiToken> {
    const [row] = await this.#database.query<ApiTokenRow>(
      `with purged as (delete from atelier.api_tokens where expires_at < now() - interval '30 days')
       insert into atelier.api_tokens (id, user_name, name, scopes, token_hash, expires_at)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 day') returning ${COLUMNS}`,
      [id, storableText(user), storableText(name), scopes, hash, expiresInDays],
    )
    if (row === undefined) throw new Error('the inserted token is missing from the answer')
    return toApiToken(row)
  }

  /** The user's tokens, oldest first. */
  async list(user: string): Promise<readonly ApiToken[]> {
    const rows = await this.#database.query<ApiTokenRow>(
      `select ${COLUMNS} from atelier.api_tokens where user_name = $1 order by created_at, id`,
      [storableText(user)],
    )
    return rows.map(toApiToken)
  }

  /** The token with this hash, unless it has expired. */
  async find(hash: Buffer): Promise<ApiToken | undefined> {
    const [row] = await this.#database.query<ApiTokenRow>(
      `select ${COLUMNS} from atelier.api_tokens
       where token_hash = $1 and (expires_at is null or expires_at > now())`,
      [hash],
    )
    return row && toApiToken(row)
  }

  /** Removes the user's token and sends a hint; false if there is none with this id. */
  async remove(user: string, id: string): Promise<boolean> {
    const [removed] = await this.#database.query<{ id: string }>(
      'delete from atelier.api_tokens where id = $1 and user_name = $2 returning id',
      [storableText(id), storableText(user)],
    )
    if (removed === undefined) return false
    sendHint(this.#database, { kind: 'token', id: removed.id })
    return true
  }

  /** Writes that the token was used just now, unless that was written within the last minute. */
  async touch(id: string): Promise<void> {
    await this.#database.query(
      `update atelier.api_tokens set last_used_at = now()
       where id = $1 and (last_used_at is null or last_used_at <= now() - interval '1 minute')`,
      [storableText(id)],
    )
  }
}

const COLUMNS = 'id, user_name, name, scopes, created_at, expires_at, last_used_at'

type ApiTokenRow = {
  readonly id: string
  readonly user_name: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
}

function toApiToken(row: ApiTokenRow): ApiToken {
  return {
    id: row.id,
    user: row.user_name,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
