import { Readable } from 'node:stream'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'

/** The answers to a request that has many; leaving the loop over them, or `destroy`, cancels the request. */
export interface AnswerStream<T> extends AsyncIterable<T> {
  destroy(): void
}

/** Answers, and bytes of them, that may wait for a slow reader of one stream before the stream is given up. */
const QUEUED_MOST = { answers: 500, bytes: 16_777_216 }

/** Answers that are read one by one, while only so many may wait to be read. */
export class AnswerQueue<T> {
  readonly #queued: number[] = []
  #bytes = 0
  readonly #readable: Readable
  readonly #onRead: (count: number) => void
  #read = 0

  /**
   * `onEnd` is called once, when the stream has been left or given up; `onRead` each time that an answer was read, with how many
   * were.
   */
  constructor(onEnd: () => void, onRead: (count: number) => void = () => {}) {
    this.#onRead = onRead
    this.#readable = new Readable({
      objectMode: true,
      read() {},
      destroy(error, done) {
        onEnd()
        done(error)
      },
    })
    // The reader hears of a failure from the loop; until that begins nobody else listens.
    this.#readable.on('error', () => {})
  }

  /** What the reader reads. Fails with PluginError when it reads too slowly. */
  get answers(): AnswerStream<T> {
    const readable = this.#readable
    const destroy = () => void readable.destroy()
    return {
      destroy,
      [Symbol.asyncIterator]: () => {
        const iterator: AsyncIterator<T, undefined> = readable.iterator()
        return {
          next: async () => {
            const result = await iterator.next()
            if (!result.done) {
              this.#bytes -= this.#queued.shift() ?? 0
              this.#onRead(++this.#read)
            }
            return result
          },
          // Also of a loop that never began.
          return: async () => {
            destroy()
            return { done: true, value: undefined }
          },
        }
      },
    }
  }

  /** Adds an answer, of which `bytes` is the size. */
  push(answer: T, bytes: number): void {
    this.#queued.push(bytes)
    this.#bytes += bytes
    this.#readable.push(answer)
    if (this.#queued.length > QUEUED_MOST.answers || this.#bytes > QUEUED_MOST.bytes) {
      this.fail(new PluginError(PLUGIN_ERROR.unknown, 'the stream is read too slowly'))
    }
  }

  /** Ends the stream after what waits. */
  end(): void {
    this.#readable.push(null)
  }

  /** Gives the stream up; the reader hears why. */
  fail(error: Error): void {
    this.#readable.destroy(error)
  }
}
