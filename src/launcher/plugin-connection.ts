import { Readable, type Writable } from 'node:stream'
import { z } from 'zod'
import { encodeFrame, FrameDecoder, ProtocolError } from './frames.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import { RESPONSE } from './protocol.ts'
import { errorResponse, responseBase } from './protocol-schemas.ts'

/** A request to a plugin without its id; every request says on whose behalf it is made, `*` for all users. */
export interface PluginRequest {
  readonly messageType: number
  readonly [field: string]: unknown
}

/** The answers to a request that has many; leaving the loop over them, or `destroy`, cancels the request. */
export interface AnswerStream<T> extends AsyncIterable<T> {
  destroy(): void
}

/** Waits for the answers to one request. */
interface Waiter {
  receive(message: unknown): void
  fail(error: Error): void
}

/** Messages that may wait for a slow reader of one stream before the stream is given up. */
const MAX_QUEUED = 500

/** One plugin's standard input and output: finds the request that a response answers. */
export class PluginConnection {
  readonly #input: Writable
  readonly #waiters = new Map<number, Waiter>()
  #nextId = 1
  #closed: Error | undefined
  #heardAt = performance.now()

  /** `input` is the plugin's standard input; its output is handed to `read`. */
  constructor({ input }: { input: Writable }) {
    this.#input = input
    // A plugin that is gone is noticed by its exit; writing to it then is no event of its own.
    input.on('error', () => {})
  }

  /** Milliseconds since the plugin last said anything. */
  get silence(): number {
    return performance.now() - this.#heardAt
  }

  /** Handles the plugin's output until it ends. Throws ProtocolError on anything that is not the protocol. */
  async read(output: AsyncIterable<Buffer>): Promise<void> {
    const decoder = new FrameDecoder()
    for await (const chunk of output) {
      this.#heardAt = performance.now()
      for (const message of decoder.decode(chunk)) this.#receive(message)
    }
  }

  /** Sends a heartbeat; the answer only counts as a sign of life. */
  heartbeat(): void {
    this.#input.write(encodeFrame({ messageType: 0, requestId: 0 }))
  }

  /** The answer to a request. Throws PluginError, also after `timeout` ms (code 5) or when the plugin goes away (4). */
  request<S extends z.ZodType>(
    fields: PluginRequest,
    schema: S,
    timeout: number,
  ): Promise<z.output<S>> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer)
        this.#waiters.delete(id)
      }
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      const timer = setTimeout(() => {
        fail(
          new PluginError(PLUGIN_ERROR.timeout, `the plugin did not answer within ${timeout} ms`),
        )
      }, timeout)
      const id = this.#send(fields, {
        fail,
        receive(message) {
          const answer = parse(schema, message)
          settle()
          resolve(answer)
        },
      })
    })
  }

  /**
   * The answers to a request that has many. It ends after an answer with `complete`, and fails with PluginError when
   * the plugin says so, goes away, or 500 answers wait to be read.
   */
  stream<S extends z.ZodType>(fields: PluginRequest, schema: S): AnswerStream<z.output<S>> {
    const readable = new Readable({
      objectMode: true,
      read() {},
      destroy: (error, done) => {
        if (this.#waiters.delete(id) && this.#closed === undefined) {
          this.#input.write(encodeFrame({ ...fields, requestId: id, cancel: true }))
        }
        done(error)
      },
    })
    // The reader hears of a failure from the loop; until that begins nobody else listens.
    readable.on('error', () => {})
    const id = this.#send(fields, {
      fail: (error) => {
        this.#waiters.delete(id)
        readable.destroy(error)
      },
      receive: (message) => {
        const answer = parse(schema, message)
        readable.push(answer)
        if (isComplete(answer)) {
          this.#waiters.delete(id)
          readable.push(null)
        } else if (readable.readableLength > MAX_QUEUED) {
          readable.destroy(new PluginError(PLUGIN_ERROR.unknown, 'the stream is read too slowly'))
        }
      },
    })
    return readable
  }

  /** Fails everything that still waits, and all later requests, with code 4. */
  close(reason: string): void {
    this.#closed = new PluginError(PLUGIN_ERROR.pluginRestarted, reason)
    for (const waiter of this.#waiters.values()) waiter.fail(this.#closed)
    this.#waiters.clear()
  }

  #send(fields: PluginRequest, waiter: Waiter): number {
    const id = this.#nextId++
    const frame = encodeFrame({ ...fields, requestId: id })
    if (this.#closed === undefined) {
      this.#waiters.set(id, waiter)
      this.#input.write(frame)
    } else {
      const closed = this.#closed
      queueMicrotask(() => waiter.fail(closed))
    }
    return id
  }

  #receive(message: unknown): void {
    const { messageType, requestId, sequences } = parse(responseBase, message)
    const ids = sequences?.length ? sequences.map((sequence) => sequence.requestId) : [requestId]
    for (const id of ids) {
      // No waiter: the request timed out or was cancelled, or this is a heartbeat.
      const waiter = this.#waiters.get(id)
      if (waiter === undefined) continue
      if (messageType === RESPONSE.error) {
        const { errorCode, errorMessage } = parse(errorResponse, message)
        this.#waiters.delete(id)
        waiter.fail(new PluginError(errorCode, errorMessage))
      } else {
        waiter.receive(message)
      }
    }
  }
}

function parse<S extends z.ZodType>(schema: S, message: unknown): z.output<S> {
  const result = schema.safeParse(message)
  if (result.success) return result.data
  throw new ProtocolError(`a response is not understood: ${z.prettifyError(result.error)}`)
}

function isComplete(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'complete' in message &&
    message.complete === true
  )
}
