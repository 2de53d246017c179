import type { Update } from './datagram-schema.ts'
import type { Timing } from './timing.ts'
import { hasLeft } from './view.ts'

const GONE = 2

/** Remembers since when members are gone, so that they can be forgotten in the end. */
export class Departures {
  readonly #gone = new Map<string, { readonly at: number; readonly left: boolean }>()

  /** Takes note of news; `now` is a monotonic time in milliseconds. */
  note(update: Update, now: number): void {
    if (update.state === GONE) this.#gone.set(update.host, { at: now, left: hasLeft(update) })
    else this.#gone.delete(update.host)
  }

  /** The addresses whose time has come; each is answered once. */
  due(
    now: number,
    { reapFailedAfter, reapLeftAfter }: Pick<Timing, 'reapFailedAfter' | 'reapLeftAfter'>,
  ): readonly string[] {
    const due = [...this.#gone]
      .filter(([, { at, left }]) => now - at >= (left ? reapLeftAfter : reapFailedAfter))
      .map(([host]) => host)
    for (const host of due) this.#gone.delete(host)
    return due
  }
}
