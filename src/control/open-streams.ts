import type { EventStream } from './event-stream.ts'

/** How many streams of events a user may have open at once. */
export const STREAMS_MOST = 100

/** The open event streams of each user: beyond `most` the oldest is ended, so that a forgotten program cannot fill us up. */
export class OpenStreams {
  readonly #most: number
  readonly #ofUser = new Map<string, Set<Pick<EventStream, 'end'>>>()

  constructor({ most }: { most: number }) {
    this.#most = most
  }

  /** Counts a stream in until it ends. */
  opened(user: string, stream: Pick<EventStream, 'end' | 'signal'>): void {
    const open = this.#ofUser.get(user) ?? new Set()
    this.#ofUser.set(user, open)
    const closed = () => {
      open.delete(stream)
      if (open.size === 0 && this.#ofUser.get(user) === open) this.#ofUser.delete(user)
    }
    stream.signal.addEventListener('abort', closed)
    const [oldest] = open
    open.add(stream)
    if (open.size <= this.#most || oldest === undefined) return
    // Its browser may take a while to hear of it, and is not counted meanwhile.
    open.delete(oldest)
    oldest.end()
  }
}
