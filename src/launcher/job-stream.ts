import { Readable } from 'node:stream'

/** What is told one by one; `destroy` ends the telling, also before anybody has begun to listen. */
export interface Told<T> extends AsyncIterable<T> {
  destroy(): void
}

/** Values that may wait for a slow reader before the stream is given up. */
const WAITING_MOST = 10_000

/** A stream of what happens, which whoever knows of it fills. */
export interface ToldStream<T> {
  readonly told: Told<T>
  readonly tell: (value: T) => void
  /** Ends it after what waits. */
  readonly end: () => void
  /** Breaks it off; the listener hears why. */
  readonly fail: (error: unknown) => void
}

/** What is told as it happens. `onLeave` is called once nobody listens; a listener that is too slow is cut off. */
export function toldStream<T>(onLeave: () => void): ToldStream<T> {
  let waiting = 0
  const values = new Readable({
    objectMode: true,
    read() {},
    destroy(error, done) {
      onLeave()
      done(error)
    },
  })
  // The reader hears of it from the loop.
  values.on('error', () => {})
  let hasEnded = false
  return {
    tell(value) {
      if (hasEnded || values.destroyed) return
      values.push(value)
      if (++waiting > WAITING_MOST) values.destroy(new Error('the stream is read too slowly'))
    },
    end() {
      if (!hasEnded) values.push(null)
      hasEnded = true
    },
    fail(error) {
      values.destroy(error instanceof Error ? error : new Error(String(error)))
    },
    told: {
      destroy: () => void values.destroy(),
      async *[Symbol.asyncIterator]() {
        for await (const value of values) {
          waiting--
          yield value as T
        }
      },
    },
  }
}

/** What is told, each value as `map` has it; undefined is left out. */
export function mapTold<T, U>(told: Told<T>, map: (value: T) => U | undefined): Told<U> {
  return {
    destroy: () => told.destroy(),
    async *[Symbol.asyncIterator]() {
      for await (const value of told) {
        const mapped = map(value)
        if (mapped !== undefined) yield mapped
      }
    },
  }
}

/** What several tell, as it comes; it breaks off if one of them does, and ends when all have. */
export function allTold<T>(sources: readonly Told<T>[]): Told<T> {
  const [only] = sources
  if (only !== undefined && sources.length === 1) return only
  const stream = toldStream<T>(() => sources.forEach((source) => source.destroy()))
  const telling = sources.map(async (source) => {
    for await (const value of source) stream.tell(value)
  })
  Promise.all(telling).then(() => stream.end(), stream.fail)
  return stream.told
}
