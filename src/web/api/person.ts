/** Longer than the pages wait between two readings, so that one of them tells of every use. */
const LATELY_MS = 90_000

/** Whether somebody is at this page: it asks the server for much by itself, which keeps nobody signed in. */
export class Person {
  readonly #now: () => number
  #seenAt: number

  /** Whoever has opened the page is there. */
  constructor({ now }: { now: () => number }) {
    this.#now = now
    this.#seenAt = now()
  }

  /** Notes every touch of the page from now on. */
  watch(page: Pick<EventTarget, 'addEventListener'>): void {
    const seen = (): void => {
      this.#seenAt = this.#now()
    }
    for (const event of ['pointerdown', 'keydown', 'wheel']) {
      page.addEventListener(event, seen, { capture: true, passive: true })
    }
  }

  /** True if somebody was seen within a minute and a half. */
  isHere(): boolean {
    return this.#now() - this.#seenAt < LATELY_MS
  }
}
