import type { SignOut, SignOutStore } from '../auth/sign-out.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { storableText } from './storable-text.ts'

/** The table of sign-outs. */
export class PostgresSignOuts implements SignOutStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  async insert({ id, user, before, expiresAt }: SignOut): Promise<void> {
    await this.#database.query(
      // A day late, as the clocks of nodes are not this one's.
      `with purged as (delete from atelier.sign_outs where expires_at < now() - interval '1 day')
       insert into atelier.sign_outs (id, user_name, before, expires_at)
       values ($1, $2, to_timestamp($3), to_timestamp($4)) on conflict (id) do nothing`,
      [
        storableText(id),
        storableText(user),
        before === null ? null : before / 1000,
        expiresAt / 1000,
      ],
    )
    sendHint(this.#database, { kind: 'sign-out', id })
  }

  async find(id: string): Promise<SignOut | undefined> {
    const [row] = await this.#database.query<SignOutRow>(
      `select ${COLUMNS} from atelier.sign_outs where id = $1`,
      [storableText(id)],
    )
    return row && toSignOut(row)
  }

  async list(seconds?: number): Promise<readonly SignOut[]> {
    const rows = await this.#database.query<SignOutRow>(
      `select ${COLUMNS} from atelier.sign_outs where expires_at > now() - interval '1 day'
       and ($1::float8 is null or written_at > now() - $1 * interval '1 second')`,
      [seconds ?? null],
    )
    return rows.map(toSignOut)
  }
}

const COLUMNS = 'id, user_name, before, expires_at'

type SignOutRow = {
  readonly id: string
  readonly user_name: string
  readonly before: Date | null
  readonly expires_at: Date
}

function toSignOut(row: SignOutRow): SignOut {
  return {
    id: row.id,
    user: row.user_name,
    before: row.before === null ? null : row.before.getTime(),
    expiresAt: row.expires_at.getTime(),
  }
}
