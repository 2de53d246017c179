import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { NodeRow } from './cluster-node.ts'
import type { NodeHints, NodeStore } from './node-store.ts'

const RETRY_MS = 1000

/**
 * The nodes table in memory, for routing and for the gossip's seeds: read anew at each hint and whenever hints may have been
 * lost. It goes on serving what it knows while the database is away.
 */
export class KnownNodes extends EventEmitter<{ changed: [] }> implements NodeHints {
  readonly #store: Pick<NodeStore, 'all'>
  readonly #stopping = new AbortController()
  #rows: ReadonlyMap<string, NodeRow> = new Map()
  #readAt = -Infinity
  #wanted = false
  #reading: Promise<void> | undefined

  constructor({ store }: { store: Pick<NodeStore, 'all'> }) {
    super()
    this.setMaxListeners(0)
    this.#store = store
  }

  /** The node of that name. */
  get(name: string): NodeRow | undefined {
    return this.#rows.get(name)
  }

  /** How old what is known is, in ms. */
  age(): number {
    return performance.now() - this.#readAt
  }

  /** All of them, by name. */
  all(): readonly NodeRow[] {
    return [...this.#rows.values()]
  }

  changed(): void {
    this.resync()
  }

  /** Reads the table soon; requests that come meanwhile share one further read. */
  resync(): void {
    this.#wanted = true
    this.#reading ??= this.#readUntilQuiet().finally(() => {
      this.#reading = undefined
    })
  }

  /** Reads the table now. Throws DATABASE_UNAVAILABLE. */
  async readAll(): Promise<void> {
    const readAt = performance.now()
    const rows = await this.#store.all()
    this.#readAt = readAt
    this.#rows = new Map(rows.map((row) => [row.name, row]))
    this.emit('changed')
  }

  /** Reads no more; resolves when the last read has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#reading
  }

  async #readUntilQuiet(): Promise<void> {
    const { signal } = this.#stopping
    while (this.#wanted && !signal.aborted) {
      this.#wanted = false
      try {
        await this.readAll()
      } catch {
        // That the database is away is told by others; here only the news have to wait.
        this.#wanted = true
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }
}
