import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { encodeFrame } from '../../launcher/frames.ts'
import { RESPONSE } from '../../launcher/protocol.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'

/** An answer without its ids. */
export interface Answer {
  readonly messageType: number
  readonly [field: string]: unknown
}

/** A request that an answer to many is for, with the number of the answer for that request. */
export interface Sequence {
  readonly requestId: number
  readonly seqId: number
}

/** Writes answers to the Launcher and numbers them. */
export class Answers {
  readonly #output: Writable
  #nextId = 0
  #drained: Promise<unknown> | undefined

  constructor({ output }: { output: Writable }) {
    this.#output = output
    // A Launcher that is gone also ends our input, and that is what counts.
    output.on('error', () => {})
  }

  /** Answers one request; resolves when there is room for more. Throws ProtocolError if the answer is too large. */
  async send(requestId: number, answer: Answer): Promise<void> {
    await this.#write({ ...answer, requestId, responseId: this.#nextId++ })
  }

  /** Answers a heartbeat, or says something unasked: with both ids 0, and not counted. */
  async tell(message: Answer): Promise<void> {
    await this.#write({ ...message, requestId: 0, responseId: 0 })
  }

  /** Answers several streams at once. */
  async sendToAll(sequences: readonly Sequence[], answer: Answer): Promise<void> {
    if (sequences.length > 0) await this.send(0, { ...answer, sequences })
  }

  /** Says that a request failed. */
  async fail(requestId: number, error: unknown): Promise<void> {
    const known = error instanceof PluginError
    await this.send(requestId, {
      messageType: RESPONSE.error,
      errorCode: known ? error.errorCode : PLUGIN_ERROR.unknown,
      errorMessage: error instanceof Error ? error.message : String(error),
    })
  }

  async #write(message: object): Promise<void> {
    if (this.#output.write(encodeFrame(message)) || this.#output.destroyed) return
    // It does not fail what was asked for that the Launcher has gone meanwhile.
    this.#drained ??= once(this.#output, 'drain')
      .catch(() => {})
      .finally(() => (this.#drained = undefined))
    await this.#drained
  }
}
