/** As much of the browser's EventSource as is used here. */
export interface Source {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void
  close(): void
}

/** How a ReconnectingSource works; times in ms. */
export interface ReconnectingSourceOptions {
  readonly open: () => Source
  /** What to do with the data, parsed from JSON, of each named event. */
  readonly events: Readonly<Record<string, (data: unknown) => void>>
  /** Called on every connection; what was sent before it may have been missed. */
  readonly onOpen: () => void
  /** Called on every loss or failed attempt. */
  readonly onLost: () => void
  /** Pause before the attempt `n`, from 1. */
  readonly pause: (n: number) => number
}

/** Doubling pauses from half a second to ten, with up to a third of jitter; `random` in 0..1. */
export function doublingPause(n: number, random: number): number {
  return Math.min(500 * 2 ** (n - 1), 10_000) * (1 + random / 3)
}

/** Server-sent events that come back whatever happens: EventSource itself gives up on any status but 200. */
export class ReconnectingSource {
  readonly #options: ReconnectingSourceOptions
  #source: Source | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #attempts = 0

  constructor(options: ReconnectingSourceOptions) {
    this.#options = options
  }

  /** Connects, and goes on until stop(). */
  start(): void {
    const { open, events, onOpen } = this.#options
    const source = open()
    this.#source = source
    source.addEventListener('open', () => {
      if (this.#source !== source) return
      this.#attempts = 0
      onOpen()
    })
    source.addEventListener('error', () => this.#retry(source))
    for (const [type, listener] of Object.entries(events)) {
      source.addEventListener(type, ({ data }) => {
        if (this.#source === source) listener(parsed(data))
      })
    }
  }

  /** Closes for good; no callback is called afterwards. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
  }

  #retry(source: Source): void {
    if (this.#source !== source) return
    this.stop()
    this.#attempts += 1
    this.#timer = setTimeout(() => this.start(), this.#options.pause(this.#attempts))
    this.#options.onLost()
  }
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string' || data === '') return null
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}
