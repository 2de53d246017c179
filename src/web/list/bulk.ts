/** What a bulk action is called on its button, before and after. */
export interface BulkWords {
  readonly button: string
  readonly doing: string
  /** What is said of those for which it went well, such as `told to stop`. */
  readonly done: string
  /** What will come of it, as a sentence. */
  readonly outcome: string
  /** True if something that computes may lose its results by it. */
  readonly isDangerous: boolean
  /** True if its button warns by its colour. */
  readonly isRed: boolean
}

/** Something with an id, of which there are many. */
export interface Item {
  readonly id: string
}

/** How things of a kind are spoken of, and what can be done with several of them at once. */
export interface Bulk<T extends Item, A extends string = string> {
  /** What one is called: `session`. */
  readonly noun: string
  readonly actions: readonly A[]
  readonly words: Readonly<Record<A, BulkWords>>
  readonly labelOf: (item: T) => string
  /** True if the action makes sense for the item as it is now. */
  readonly isMeant: (action: A, item: T) => boolean
  /** The percentage of a processor that it uses now, if stopping it may lose a result; null if not. */
  readonly computes: (item: T) => number | null
  /** The newest view of an item. */
  readonly latest: (item: T) => T
  /** Does it; throws what the API throws. */
  readonly act: (action: A, item: T) => Promise<void>
}

/** How many, in words: `1 session`, `12 sessions`. */
export function counted(noun: string, count: number): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
