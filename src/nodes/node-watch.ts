import type { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { NodeView } from './cluster-node.ts'

/** Tells that something of a node, or of who holds which session, may have changed; it may tell so often. */
export type NodeNews = Pick<EventEmitter<{ changed: [] }>, 'on' | 'off'>

/** What is told of the nodes: all of them, or why they cannot be read. */
export type NodesTold = { readonly nodes: readonly NodeView[] } | { readonly problem: unknown }

const EVERY_MS = 2000
const GATHER_MS = 200

/**
 * Tells how the nodes are: at once, within 200 ms of a change, and every 2 s. They are read once for all who listen, and
 * not at all while nobody does.
 */
export class NodeWatch {
  readonly #nodes: { listNodes(): Promise<readonly NodeView[]> }
  readonly #news: NodeNews
  readonly #listeners = new Set<(told: NodesTold) => void>()
  #looking: AbortController | undefined
  #last: NodesTold | undefined

  constructor(parts: { nodes: { listNodes(): Promise<readonly NodeView[]> }; news: NodeNews }) {
    this.#nodes = parts.nodes
    this.#news = parts.news
  }

  /** Calls `listener` until the answered function is called. */
  listen(listener: (told: NodesTold) => void): () => void {
    this.#listeners.add(listener)
    if (this.#last !== undefined) listener(this.#last)
    if (this.#looking === undefined) {
      this.#looking = new AbortController()
      void this.#look(this.#looking.signal)
    }
    return () => this.#leave(listener)
  }

  #leave(listener: (told: NodesTold) => void): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0) return
    this.#looking?.abort()
    this.#looking = undefined
    this.#last = undefined
  }

  async #look(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const change = new Change(this.#news)
      const told = await this.#nodes.listNodes().then(
        (nodes) => ({ nodes }),
        (problem: unknown) => ({ problem }),
      )
      if (!signal.aborted) this.#tell(told)
      await delay(GATHER_MS, undefined, { ref: false })
      if (!signal.aborted) await change.within(EVERY_MS - GATHER_MS)
      change.end()
    }
  }

  #tell(told: NodesTold): void {
    this.#last = told
    for (const listener of this.#listeners) listener(told)
  }
}

/** The first change since its construction. */
class Change {
  readonly #news: NodeNews
  #happened = false
  #wake = (): void => undefined

  constructor(news: NodeNews) {
    this.#news = news
    news.on('changed', this.#heard)
  }

  /** Resolves when it has happened, or after so many ms. */
  async within(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#happened) this.#wake()
    })
  }

  end(): void {
    this.#news.off('changed', this.#heard)
  }

  readonly #heard = (): void => {
    this.#happened = true
    this.#wake()
  }
}
