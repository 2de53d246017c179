import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import type { Context } from 'koa'
import type { RateLimit } from './rate-limit.ts'

/** Limits how often a client may show something wrong, such as a sign-in link, a password or an API token that is none. */
export class FailureLimit {
  readonly #limit: Pick<RateLimit, 'reserve' | 'giveBack'>
  readonly #clientOf: (request: IncomingMessage) => { readonly address: string }

  constructor(parts: {
    limit: Pick<RateLimit, 'reserve' | 'giveBack'>
    clientOf: (request: IncomingMessage) => { readonly address: string }
  }) {
    this.#limit = parts.limit
    this.#clientOf = parts.clientOf
  }

  /**
   * Makes an attempt, and counts it against the client's address if it answers undefined. Throws TOO_MANY_REQUESTS, without
   * an attempt, once too many have failed.
   */
  async guard<T>(ctx: Context, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.guardKey(ctx, clientKey(this.#clientOf(ctx.req).address), attempt)
  }

  /** The same, counted against something else than the client's address. */
  async guardKey<T>(
    ctx: Context,
    key: string,
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    // Before it is known to fail, or as many as one likes could be tried at once.
    await this.#limit.reserve(ctx, key)
    let failed = false
    try {
      const answer = await attempt()
      failed = answer === undefined
      return answer
    } finally {
      if (!failed) await this.#limit.giveBack(key)
    }
  }
}

/** What an address is counted as: of IPv6 the first 64 bits, as whoever has one of those addresses has all of them. */
export function clientKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const first = groups(head)
  const last = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].slice(0, 4).join(':')
}

// The last 32 bits may be written as IPv4; they count as two groups.
function groups(text: string): readonly string[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return ['0', '0']
    return [Number.parseInt(group, 16).toString(16)]
  })
}
