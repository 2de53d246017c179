import pgListen, { type Subscriber } from 'pg-listen'
import type pg from 'pg'
import type { TokenHints } from '../auth/api-token.ts'
import type { SignOutHints } from '../auth/sign-out.ts'
import type { JobHints } from '../jobs/job-store.ts'
import type { Log } from '../log.ts'
import type { NodeHints } from '../nodes/node-store.ts'
import type { NoticeHints } from '../notices/notice-store.ts'
import type { ScheduleHints } from '../schedules/schedule-store.ts'
import type { SessionHints } from '../sessions/session-store.ts'
import { describeError } from './database-errors.ts'
import { HINT_CHANNEL, parseHint, type Hint } from './hint.ts'

/** How long to wait, in ms, before asking again for hints when the server has refused to send any. */
const LISTEN_AGAIN = 2000

/** Who is told of hints, by kind; a kind of nobody is passed over. */
export interface HintFollowers {
  readonly session?: SessionHints
  readonly job?: JobHints
  readonly schedule?: ScheduleHints
  readonly token?: TokenHints
  readonly 'sign-out'?: SignOutHints
  readonly node?: NodeHints
  readonly notice?: NoticeHints
}

/** One connection that listens for hints, and makes itself anew for as long as it takes when it breaks. */
export class HintListener {
  readonly #config: pg.ClientConfig
  readonly #log: Log
  #subscriber: Subscriber | undefined
  #timer: NodeJS.Timeout | undefined
  #lost = false
  #closed = false

  constructor(options: { readonly config: pg.ClientConfig; readonly log: Log }) {
    this.#config = options.config
    this.#log = options.log
  }

  /**
   * Starts to listen and returns at once, whether the database answers or not. Every `resync` is called whenever listening
   * has begun, for the first time or again: what was sent before is lost.
   */
  listen(followers: HintFollowers): void {
    if (this.#subscriber) throw new Error('a HintListener listens once')
    const subscriber = pgListen.default(
      // The timeout makes its regular check of the connection notice a server that has gone silent.
      { ...this.#config, query_timeout: 2000 },
      {
        parse: parseHint,
        paranoidChecking: 5000,
        // Its own default is to give up for ever after 3 s.
        retryTimeout: Infinity,
        retryLimit: Infinity,
        retryInterval: retryDelay,
      },
    )
    this.#subscriber = subscriber
    subscriber.notifications.on(HINT_CHANNEL, (hint: Hint | undefined) => {
      if (hint && !this.#closed) followers[hint.kind]?.changed(hint.id)
    })
    subscriber.events.on('connected', () => void this.#connected(subscriber, followers))
    subscriber.events.on('reconnect', (attempt) => {
      // It has no other way to stop trying once it is closed.
      if (this.#closed) throw new Error('closed')
      if (attempt === 1) this.#sayLost('the connection for hints was lost')
    })
    subscriber.events.on('error', (error) => {
      if (this.#closed) return
      this.#sayLost(describeError(error))
      this.#listenAgain(subscriber, followers)
    })
    // It goes on trying by itself, so a second call would make a second connection.
    subscriber.connect().catch((error: unknown) => this.#sayLost(describeError(error)))
  }

  /** True while hints are heard, as far as is known. */
  get listening(): boolean {
    return this.#subscriber !== undefined && !this.#lost
  }

  /** Stops to listen; no hint comes after it. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#subscriber?.close()
  }

  async #connected(subscriber: Subscriber, followers: HintFollowers): Promise<void> {
    // A connection that was being made while we were closed.
    if (this.#closed) return subscriber.close()
    try {
      // Undefined after the first time: it has then asked again by itself.
      await subscriber.listenTo(HINT_CHANNEL)
    } catch (error) {
      this.#sayLost(describeError(error))
      this.#listenAgain(subscriber, followers)
      return
    }
    if (this.#closed) return
    if (this.#lost) this.#log.info('listening for hints again')
    this.#lost = false
    for (const follower of Object.values<{ resync(): void }>({ ...followers })) follower.resync()
  }

  /** A server that answers but refuses to listen, such as a standby, would otherwise leave us deaf for ever. */
  #listenAgain(subscriber: Subscriber, followers: HintFollowers): void {
    clearTimeout(this.#timer)
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      // It asks only for a channel that it believes it has not.
      const forgotten = Promise.resolve(subscriber.unlisten(HINT_CHANNEL)).catch(() => undefined)
      void forgotten.then(() => this.#connected(subscriber, followers))
    }, LISTEN_AGAIN)
  }

  #sayLost(reason: string): void {
    if (!this.#lost && !this.#closed) this.#log.warn({ reason }, 'no hints from the database')
    this.#lost = true
  }
}

/** From 100 ms, doubled up to 2 s, and spread so that not all nodes come back at once. */
function retryDelay(attempt: number): number {
  return Math.min(100 * 2 ** attempt, 2000) * (0.5 + Math.random() / 2)
}
