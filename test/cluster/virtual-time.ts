import type { Clock } from '../../cluster/index.ts'

interface Timer {
  readonly handle: object
  readonly at: number
  readonly every: number | undefined
  readonly run: () => void
}

type Callback = (...args: unknown[]) => void

const GLOBALS = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
] as const

/**
 * A time that passes only when it is told to. It takes the place of the global timers, as swim knows no others, and of
 * Math.random, so that a run can be repeated.
 */
export class VirtualTime {
  readonly #timers = new Set<object>()
  readonly #queue: Timer[] = []
  readonly #turn = setImmediate
  #now = 1_800_000_000_000

  readonly clock: Clock = { wall: () => this.#now, monotonic: () => this.#now }

  get now(): number {
    return this.#now
  }

  /** Answers what gives the real time back. */
  install(seed: number): () => void {
    const originals = GLOBALS.map((name) => [name, globalThis[name]] as const)
    const random = Math.random
    const { clearTimeout: clearReal } = globalThis
    const clear = (timer: NodeJS.Timeout | undefined) => {
      if (timer && !this.#timers.delete(timer)) clearReal(timer)
    }
    Object.assign(globalThis, {
      setTimeout: (run: Callback, ms = 0, ...args: unknown[]) => this.#add(() => run(...args), ms),
      setInterval: (run: Callback, ms: number, ...args: unknown[]) =>
        this.#add(() => run(...args), ms, ms),
      setImmediate: (run: Callback, ...args: unknown[]) => this.#add(() => run(...args), 0),
      clearTimeout: clear,
      clearInterval: clear,
    })
    Math.random = seeded(seed)
    return () => {
      Object.assign(globalThis, Object.fromEntries(originals))
      Math.random = random
    }
  }

  /** Lets so many milliseconds pass, and all happen that is due in them. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.#settle()
    for (;;) {
      const timer = this.#queue[0]
      if (!timer || timer.at > end) break
      this.#queue.shift()
      if (!this.#timers.has(timer.handle)) continue
      this.#now = Math.max(this.#now, timer.at)
      if (timer.every === undefined) this.#timers.delete(timer.handle)
      else this.#enqueue({ ...timer, at: timer.at + timer.every })
      timer.run()
      await this.#settle()
    }
    this.#now = end
  }

  /** Lets time pass until `condition` holds; throws with what it waited for after ten minutes. Answers how long it took. */
  async until(condition: () => boolean, what = condition.toString()): Promise<number> {
    const start = this.#now
    while (!condition()) {
      if (this.#now - start > 600_000) throw new Error(`waited ten minutes in vain for: ${what}`)
      await this.pass(10)
    }
    return this.#now - start
  }

  #add(run: () => void, ms: number, every?: number): object {
    const handle = { ref: () => handle, unref: () => handle }
    this.#timers.add(handle)
    this.#enqueue({ handle, at: this.#now + Math.max(ms, 0), every, run })
    return handle
  }

  /** Puts it behind all that is due before it or at the same time. */
  #enqueue(timer: Timer): void {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#queue[middle]?.at ?? Infinity) <= timer.at) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, timer)
  }

  /** Lets promises and next ticks run that are due at this moment. */
  #settle(): Promise<void> {
    return new Promise((resolve) => this.#turn(resolve))
  }
}

/** Random numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
