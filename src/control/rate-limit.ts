import type { Context } from 'koa'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AtelierError } from '../errors.ts'

/** How much of a limit is left. */
interface Left {
  readonly limit: number
  readonly remaining: number
  readonly seconds: number
}

/** Counts by key, in memory of this node, in windows of one minute; `perMinute` is asked each time. */
export class RateLimit {
  readonly #perMinute: () => number
  readonly #limiter: RateLimiterMemory

  constructor({ perMinute }: { perMinute: () => number }) {
    this.#perMinute = perMinute
    this.#limiter = new RateLimiterMemory({ points: perMinute(), duration: 60 })
  }

  /** Counts one for this key and tells in headers what is left. Throws TOO_MANY_REQUESTS beyond the limit. */
  async take(ctx: Context, key: string): Promise<void> {
    this.#limiter.points = this.#perMinute()
    try {
      this.#tell(ctx, await this.#limiter.consume(key))
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw tooMany(ctx, this.#tell(ctx, refused))
    }
  }

  /** Counts one for this key. Throws TOO_MANY_REQUESTS if it has reached the limit, and counts nothing then. */
  async reserve(ctx: Context, key: string): Promise<void> {
    const counted = await this.#limiter.penalty(key)
    if (counted.consumedPoints <= this.#perMinute()) return
    const left = this.#tell(ctx, counted)
    await this.giveBack(key)
    throw tooMany(ctx, left)
  }

  /** Takes back one that was counted for this key. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key)
  }

  // The three headers of the drafts of the IETF until 2023 (draft-ietf-httpapi-ratelimit-headers-06).
  #tell(ctx: Context, { consumedPoints, msBeforeNext }: RateLimiterRes): Left {
    const limit = this.#perMinute()
    const remaining = Math.max(0, limit - consumedPoints)
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
    ctx.set('RateLimit-Limit', String(limit))
    ctx.set('RateLimit-Remaining', String(remaining))
    ctx.set('RateLimit-Reset', String(seconds))
    return { limit, remaining, seconds }
  }
}

function tooMany(ctx: Context, { limit, seconds }: Left): AtelierError {
  ctx.set('Retry-After', String(seconds))
  return new AtelierError(
    'TOO_MANY_REQUESTS',
    `More than ${limit} requests in a minute. Try again in ${seconds} seconds.`,
  )
}
