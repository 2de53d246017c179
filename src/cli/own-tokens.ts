import { z } from 'zod'
import type { ApiClient } from './api-client.ts'

// What else the API answers is passed on as it is.
const tokenBody = z.looseObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
})
const createdBody = tokenBody.extend({ token: z.string() })

/** An API token as the API lists it: without the token itself. */
export type OwnToken = z.infer<typeof tokenBody>

/** A token that has just been made: the only time that it is answered. */
export type CreatedToken = z.infer<typeof createdBody>

/** The API tokens of the user that a client speaks for. */
export class OwnTokens {
  readonly #client: Pick<ApiClient, 'request'>

  constructor(options: { readonly client: Pick<ApiClient, 'request'> }) {
    this.#client = options.client
  }

  /** All of them, oldest first. */
  async list(): Promise<readonly OwnToken[]> {
    const answer = await this.#client.request('GET', '/api/v1/tokens')
    return z.object({ items: z.array(tokenBody) }).parse(answer).items
  }

  /** Makes a token; `expiresInDays` is null for one that never expires. */
  async create(wanted: {
    readonly name: string
    readonly scopes: readonly string[]
    readonly expiresInDays: number | null
  }): Promise<CreatedToken> {
    return createdBody.parse(await this.#client.request('POST', '/api/v1/tokens', wanted))
  }

  /** Revokes the token with this id. */
  async revoke(id: string): Promise<void> {
    await this.#client.request('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`)
  }
}
