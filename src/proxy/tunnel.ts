import type { Socket } from 'node:net'

/** Two sockets joined in both directions, byte for byte, each no faster than the other reads; closed together. */
export class Tunnel {
  readonly #browser: Socket
  readonly #ide: Socket
  readonly #lingerMs: number
  readonly #onBrowserData: ((chunk: Buffer) => void) | undefined
  readonly #onClosed: () => void
  #linger: NodeJS.Timeout | undefined
  #open = 2

  constructor(parts: {
    browser: Socket
    ide: Socket
    /** How long the second side may still take after the first one ended. */
    lingerMs: number
    /** Reads along; undefined if nobody does. */
    onBrowserData: ((chunk: Buffer) => void) | undefined
    /** Called once, when both sockets are closed. */
    onClosed: () => void
  }) {
    this.#browser = parts.browser
    this.#ide = parts.ide
    this.#lingerMs = parts.lingerMs
    this.#onBrowserData = parts.onBrowserData
    this.#onClosed = parts.onClosed
  }

  /** Joins the sockets. Both must be open. */
  start(): void {
    this.#follow(this.#browser, this.#ide)
    this.#follow(this.#ide, this.#browser)
    if (this.#onBrowserData) this.#browser.on('data', this.#onBrowserData)
    this.#browser.pipe(this.#ide)
    this.#ide.pipe(this.#browser)
  }

  /** Closes both sockets at once. */
  destroy(): void {
    this.#browser.destroy()
    this.#ide.destroy()
  }

  #follow(one: Socket, other: Socket): void {
    one.setNoDelay(true)
    one.setTimeout(0)
    // Finds a browser whose network vanished without a word.
    one.setKeepAlive(true, 30_000)
    // Whatever the error, 'close' comes next.
    one.on('error', () => {})
    one.once('end', () => {
      this.#linger ??= setTimeout(() => this.destroy(), this.#lingerMs)
    })
    one.once('close', () => {
      // What a side that ended in order sent last, such as its close frame, is still delivered.
      if (one.readableEnded) other.destroySoon()
      else other.destroy()
      this.#open -= 1
      if (this.#open > 0) return
      clearTimeout(this.#linger)
      this.#onClosed()
    })
  }
}
