import type { Writable } from 'node:stream'
import { encodeFrame, ProtocolError } from './frames.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'

/** Bytes that may wait until a plugin reads them; beyond that it is asked nothing more. */
const WAITING_MOST = 16_777_216

/** What goes to a plugin's standard input: a plugin that does not read it costs no more than a fixed amount of memory. */
export class PluginInput {
  readonly #stream: Writable
  readonly #maximum: number
  #takenAt = 0

  /** `maximum` is the most bytes of a message. */
  constructor({ stream, maximum }: { stream: Writable; maximum: number }) {
    this.#stream = stream
    this.#maximum = maximum
    // A plugin that is gone is noticed by its exit; writing to it then is no event of its own.
    stream.on('error', () => {})
  }

  /** Milliseconds for which messages have been waiting of which the plugin took none; 0 if none wait. */
  get stalled(): number {
    return this.#stream.writableLength === 0 ? 0 : performance.now() - this.#takenAt
  }

  /** Sends a request. Throws PluginError: code 2 if it is too large, 5 if too much waits already. */
  send(message: object): void {
    if (this.#stream.writableLength > WAITING_MOST) {
      throw new PluginError(PLUGIN_ERROR.timeout, 'the plugin does not read what it is asked')
    }
    this.#write(message)
  }

  /** Sends a little that must be said also while much waits. */
  tell(message: object): void {
    this.#write(message)
  }

  /** Sends a heartbeat, unless it would only wait behind other messages. */
  beat(): void {
    if (!this.#stream.writableNeedDrain) this.#write({ messageType: 0, requestId: 0 })
  }

  #write(message: object): void {
    const frame = this.#encode(message)
    const now = () => (this.#takenAt = performance.now())
    if (this.#stream.writableLength === 0) now()
    this.#stream.write(frame, now)
  }

  #encode(message: object): Buffer {
    try {
      return encodeFrame(message, this.#maximum)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      const text = `The request is too large for this Launcher cluster: ${error.message}.`
      throw new PluginError(PLUGIN_ERROR.invalidRequest, text, { cause: error })
    }
  }
}
