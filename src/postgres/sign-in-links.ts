import { createHash, randomBytes } from 'node:crypto'
import type { Database } from './connect.ts'
import { storableText } from './storable-text.ts'

/** How long a sign-in link can be used, in ms. */
export const SIGN_IN_LINK_MS = 24 * 3600 * 1000

/** Links that sign a user in once. Only the SHA-256 of a token is stored, so a copy of the table signs nobody in. */
export class SignInLinks {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  /** Makes a token of 256 random bits in base64url that signs `user` in once within `lifetimeMs`. */
  async create(user: string, lifetimeMs: number): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    await this.#database.query(
      `with purged as (delete from atelier.sign_in_links where expires_at <= now())
       insert into atelier.sign_in_links (token_hash, user_name, expires_at)
       values ($1, $2, now() + $3 * interval '1 millisecond')`,
      [hash(token), storableText(user), lifetimeMs],
    )
    return token
  }

  /** The user whom the token signs in; undefined if it is unknown, used or expired. Of several at once one gets the user. */
  async redeem(token: string): Promise<string | undefined> {
    const [link] = await this.#database.query<{ user_name: string }>(
      `update atelier.sign_in_links set used_at = now()
       where token_hash = $1 and used_at is null and expires_at > now() returning user_name`,
      [hash(token)],
    )
    return link?.user_name
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
