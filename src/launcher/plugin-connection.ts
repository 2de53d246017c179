import type { Writable } from 'node:stream'
import { z } from 'zod'
import { AnswerQueue, type AnswerStream } from './answer-stream.ts'
import { FrameDecoder, MAX_MESSAGE_BYTES, ProtocolError } from './frames.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import { PluginInput } from './plugin-input.ts'
import { REQUEST, RESPONSE } from './protocol.ts'
import { errorResponse, metricsResponse, responseBase } from './protocol-schemas.ts'

/** A request to a plugin without its id; every request says on whose behalf it is made, `*` for all users. */
export interface PluginRequest {
  readonly messageType: number
  readonly [field: string]: unknown
}

/** What a plugin reports of itself. */
export type PluginReport = z.output<typeof metricsResponse>

/** So many answers of a stream are read until a plugin is told that waits for it; fewer than it lets be under way. */
const ACKNOWLEDGED_EVERY = 8

/** Waits for the answers to one request; `bytes` is the size of a message. */
interface Waiter {
  receive(message: unknown, bytes: number): void
  fail(error: Error): void
}

/** One plugin's standard input and output: finds the request that a response answers. */
export class PluginConnection {
  readonly #input: PluginInput
  readonly #maximum: number
  readonly #onReport: (report: PluginReport) => void
  readonly #waiters = new Map<number, Waiter>()
  #nextId = 1
  #closed: Error | undefined
  #heardAt = performance.now()

  /** `input` is the plugin's standard input; its output is handed to `read`. `maximum` is the most bytes of a message. */
  constructor(parts: {
    input: Writable
    maximum?: number | undefined
    onReport?: (report: PluginReport) => void
  }) {
    const { input, maximum = MAX_MESSAGE_BYTES, onReport = () => {} } = parts
    this.#input = new PluginInput({ stream: input, maximum })
    this.#maximum = maximum
    this.#onReport = onReport
  }

  /** Milliseconds since the plugin last said anything, or read anything of what waits for it. */
  get silence(): number {
    return Math.max(performance.now() - this.#heardAt, this.#input.stalled)
  }

  /** Handles the plugin's output until it ends. Throws ProtocolError on anything that is not the protocol. */
  async read(output: AsyncIterable<Buffer>): Promise<void> {
    const decoder = new FrameDecoder({ maximum: this.#maximum })
    for await (const chunk of output) {
      this.#heardAt = performance.now()
      for (const message of decoder.decode(chunk)) this.#receive(message, decoder.size)
    }
  }

  /** Sends a heartbeat; the answer only counts as a sign of life. */
  heartbeat(): void {
    this.#input.beat()
  }

  /** The first request of all, which has the id 0. Throws PluginError as `request` does. */
  bootstrap<S extends z.ZodType>(
    version: object,
    schema: S,
    timeout: number,
  ): Promise<z.output<S>> {
    return this.#ask({ messageType: REQUEST.bootstrap, version }, schema, { timeout, id: 0 })
  }

  /**
   * The answer to a request. Throws PluginError, also after `timeout` ms (code 5), when the plugin goes away (4) and for a
   * request that is too large (2).
   */
  request<S extends z.ZodType>(
    fields: PluginRequest,
    schema: S,
    timeout: number,
  ): Promise<z.output<S>> {
    return this.#ask(fields, schema, { timeout, id: this.#nextId++ })
  }

  /**
   * The answers to a request that has many. It ends after an answer with `complete`, and fails with PluginError when
   * the plugin says so, goes away, or too many answers wait to be read.
   */
  stream<S extends z.ZodType>(fields: PluginRequest, schema: S): AnswerStream<z.output<S>> {
    const id = this.#nextId++
    let isPaced = false
    const queue = new AnswerQueue<z.output<S>>(
      () => {
        if (this.#waiters.delete(id) && this.#closed === undefined) {
          this.#input.tell({ ...fields, requestId: id, cancel: true })
        }
      },
      (count) => {
        if (!isPaced || count % ACKNOWLEDGED_EVERY > 0 || !this.#waiters.has(id)) return
        this.#input.tell({ ...fields, requestId: id, acknowledged: count })
      },
    )
    const fail = (error: Error) => {
      this.#waiters.delete(id)
      queue.fail(error)
    }
    this.#send(fields, id, {
      fail,
      receive: (message, bytes) => {
        const answer = parse(schema, message)
        isPaced ||= wantsPace(answer)
        queue.push(answer, bytes)
        if (!isComplete(answer)) return
        this.#waiters.delete(id)
        queue.end()
      },
    })
    return queue.answers
  }

  /** Fails everything that still waits, and all later requests, with code 4. */
  close(reason: string): void {
    this.#closed = new PluginError(PLUGIN_ERROR.pluginRestarted, reason)
    for (const waiter of this.#waiters.values()) waiter.fail(this.#closed)
    this.#waiters.clear()
  }

  #ask<S extends z.ZodType>(
    fields: PluginRequest,
    schema: S,
    { timeout, id }: { timeout: number; id: number },
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
        const text = `the plugin did not answer within ${timeout} ms`
        fail(new PluginError(PLUGIN_ERROR.timeout, text))
      }, timeout)
      this.#send(fields, id, {
        fail,
        receive(message) {
          const answer = parse(schema, message)
          settle()
          resolve(answer)
        },
      })
    })
  }

  #send(fields: PluginRequest, id: number, waiter: Waiter): void {
    try {
      if (this.#closed !== undefined) throw this.#closed
      this.#input.send({ ...fields, requestId: id })
      this.#waiters.set(id, waiter)
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error))
      queueMicrotask(() => waiter.fail(reason))
    }
  }

  #receive(message: unknown, bytes: number): void {
    const { messageType, requestId, sequences } = parse(responseBase, message)
    if (messageType === RESPONSE.heartbeat) return
    if (messageType === RESPONSE.metrics) return this.#onReport(parse(metricsResponse, message))
    const ids = sequences?.length ? sequences.map((sequence) => sequence.requestId) : [requestId]
    for (const id of ids) {
      // No waiter: the request timed out or was cancelled.
      const waiter = this.#waiters.get(id)
      if (waiter === undefined) continue
      if (messageType === RESPONSE.error) {
        const { errorCode, errorMessage } = parse(errorResponse, message)
        this.#waiters.delete(id)
        waiter.fail(new PluginError(errorCode, errorMessage))
      } else {
        waiter.receive(message, bytes)
      }
    }
  }
}

function parse<S extends z.ZodType>(schema: S, message: unknown): z.output<S> {
  const result = schema.safeParse(message)
  if (result.success) return result.data
  throw new ProtocolError(`a response is not understood: ${z.prettifyError(result.error)}`)
}

/** True if the plugin waits to be told how many answers were read. */
function wantsPace(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'acknowledge' in answer &&
    answer.acknowledge === true
  )
}

function isComplete(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'complete' in message &&
    message.complete === true
  )
}
