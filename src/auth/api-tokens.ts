import { customAlphabet } from 'nanoid'
import { AtelierError } from '../errors.ts'
import type { ApiToken, ApiTokenStore, TokenHints } from './api-token.ts'
import { bearerTokenHash, newBearerToken, readBearer } from './bearer.ts'
import { KnownTokens, type KnownToken } from './known-tokens.ts'
import type { Scope } from './scopes.ts'
import { TokenFollowers } from './token-followers.ts'

const DAY_MS = 86_400_000
/** As many tokens as a user can have, so that the list can be looked through. */
const MOST = 100
const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
const FRESH_MS = 30_000
/** How long a token that was read once is taken while the database does not answer: it cannot be revoked there either. */
const OUTAGE_MS = 15 * 60_000
const OUTAGE_RETRY_MS = 2000
const TOUCH_MS = 60_000

/** What users do with API tokens, and the check of those that requests carry. */
export class ApiTokens implements TokenHints {
  readonly #store: ApiTokenStore
  readonly #now: () => number
  readonly #known = new KnownTokens()
  readonly #reading = new Map<string, Promise<KnownToken>>()
  readonly #followers = new TokenFollowers()
  #revocations = 0

  /** `now` is the time in ms. */
  constructor(parts: { readonly store: ApiTokenStore; readonly now?: () => number }) {
    this.#store = parts.store
    this.#now = parts.now ?? Date.now
  }

  /** The user's tokens, oldest first. */
  listTokens(user: string): Promise<readonly ApiToken[]> {
    return this.#store.list(user)
  }

  /**
   * Makes a token, which is answered once and kept nowhere. Throws FORBIDDEN_SCOPE for a scope that `by` has not itself, or
   * for a token that would outlive it, and TOO_MANY_TOKENS.
   */
  async createToken(
    by: {
      readonly user: string
      readonly scopes: readonly Scope[]
      /** When the token that makes it expires. */
      readonly expiresAt: Date | null
    },
    wanted: {
      readonly name: string
      readonly scopes: readonly Scope[]
      readonly expiresInDays: number | null
    },
  ): Promise<{ readonly apiToken: ApiToken; readonly token: string }> {
    const lacking = wanted.scopes.filter((scope) => !by.scopes.includes(scope))
    if (lacking.length > 0) {
      const message = `You cannot give the scope ${lacking.join(', ')}, as your own token has it not.`
      throw new AtelierError('FORBIDDEN_SCOPE', message)
    }
    const lasts = wanted.expiresInDays === null ? Infinity : wanted.expiresInDays * DAY_MS
    if (by.expiresAt !== null && this.#now() + lasts > by.expiresAt.getTime()) {
      const message = `Your own token ends on ${by.expiresAt.toISOString()}, and can make none that ends later.`
      throw new AtelierError('FORBIDDEN_SCOPE', message)
    }
    if ((await this.#store.list(by.user)).length >= MOST) throw new AtelierError('TOO_MANY_TOKENS')
    const token = newBearerToken()
    const apiToken = await this.#store.insert({
      id: newId(),
      user: by.user,
      ...wanted,
      scopes: [...new Set(wanted.scopes)],
      hash: bearerTokenHash(token),
    })
    return { apiToken, token }
  }

  /** Revokes a token: from now on it opens nothing here, and on the other nodes as soon as they hear of it. Throws TOKEN_NOT_FOUND. */
  async revokeToken(user: string, id: string): Promise<void> {
    const removed = await this.#store.remove(user, id)
    if (!removed) throw new AtelierError('TOKEN_NOT_FOUND')
    this.changed(id)
  }

  /**
   * The token in an Authorization header: from memory if it was read within 30 s, and for up to 15 minutes while the
   * database does not answer. Throws TOKEN_INVALID, or DATABASE_UNAVAILABLE for a token that is not known.
   */
  async verify(authorization: string): Promise<ApiToken> {
    const text = readBearer(authorization)
    if (text === undefined) {
      const message =
        'The header Authorization holds no API token. Write it as: Authorization: Bearer atl_…'
      throw new AtelierError('TOKEN_INVALID', message)
    }
    const hash = bearerTokenHash(text)
    const key = keyOf(hash)
    const remembered = this.#known.get(key)
    const known =
      remembered !== undefined && remembered.freshUntil > this.#now()
        ? remembered
        : await this.#read(key, hash)
    if (this.#hasExpired(known.token)) throw new AtelierError('TOKEN_INVALID')
    this.#noteUse(known)
    return known.token
  }

  /** True for a token that was good when it was read last, and of whose revocation nothing is known. */
  isRemembered(authorization: string): boolean {
    const text = readBearer(authorization)
    return text !== undefined && this.#known.get(keyOf(bearerTokenHash(text))) !== undefined
  }

  /** Calls `end` once when the token is revoked or expires; answers what stops waiting for it. */
  follow({ id, expiresAt }: ApiToken, end: () => void): () => void {
    const left = expiresAt === null ? Infinity : expiresAt.getTime() - this.#now()
    return this.#followers.add(id, left, end)
  }

  /** Forgets a token that was revoked, perhaps on another node. */
  changed(id: string): void {
    this.#startAnew()
    this.#known.forget(id)
    this.#followers.end(id)
  }

  /** Some revocations may not have been heard: reads each token again, and ends what goes on with one, to be asked for again. */
  resync(): void {
    this.#startAnew()
    this.#known.expire()
    this.#followers.endAll()
  }

  /** A reading that began before a revocation may answer what was true before it. */
  #startAnew(): void {
    this.#revocations += 1
    this.#reading.clear()
  }

  #read(key: string, hash: Buffer): Promise<KnownToken> {
    const underWay = this.#reading.get(key)
    if (underWay !== undefined) return underWay
    const reading = this.#readNow(key, hash).finally(() => {
      if (this.#reading.get(key) === reading) this.#reading.delete(key)
    })
    this.#reading.set(key, reading)
    return reading
  }

  async #readNow(key: string, hash: Buffer): Promise<KnownToken> {
    const before = this.#revocations
    const now = this.#now()
    let token: ApiToken | undefined
    try {
      token = await this.#store.find(hash)
    } catch (error) {
      return this.#duringOutage(key, error)
    }
    if (token === undefined) {
      this.#known.delete(key)
      throw new AtelierError('TOKEN_INVALID')
    }
    const known: KnownToken = {
      token,
      readAt: now,
      freshUntil: now + FRESH_MS,
      touchedAt: token.lastUsedAt?.getTime() ?? -Infinity,
    }
    if (before === this.#revocations) this.#known.set(key, known)
    return known
  }

  #duringOutage(key: string, error: unknown): KnownToken {
    const known = this.#known.get(key)
    const isOutage = error instanceof AtelierError && error.code === 'DATABASE_UNAVAILABLE'
    if (!isOutage || known === undefined || this.#now() - known.readAt > OUTAGE_MS) throw error
    known.freshUntil = this.#now() + OUTAGE_RETRY_MS
    return known
  }

  #hasExpired({ expiresAt }: ApiToken): boolean {
    return expiresAt !== null && expiresAt.getTime() <= this.#now()
  }

  #noteUse(known: KnownToken): void {
    const now = this.#now()
    if (now - known.touchedAt < TOUCH_MS) return
    known.touchedAt = now
    // One that is lost is harmless: it is written again a minute later.
    this.#store.touch(known.token.id).catch(() => undefined)
  }
}

function keyOf(hash: Buffer): string {
  return hash.toString('base64')
}
