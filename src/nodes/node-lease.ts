import type { Log } from '../log.ts'
import { JoinError, nameTaken } from './cluster-check.ts'
import type { NodeRow } from './cluster-node.ts'
import type { NewNode, NodeStore } from './node-store.ts'

/**
 * This node's row and its lease, by which the others know that its sessions are still its own. A database that is away ends no
 * lease by itself: nobody can take the sessions over meanwhile.
 */
export class NodeLease {
  readonly #store: NodeStore
  readonly #node: Omit<NewNode, 'url' | 'gossipAddress'>
  readonly #log: Log
  readonly #listening: () => boolean
  #url: string
  #gossipAddress: string | null
  #row: NodeRow | undefined
  /** Since when it has been renewed without a gap, by the clock that nobody sets. */
  #heldSince: number | undefined
  #renewedAt = 0
  #databaseMs: number | null = null
  #failing = false

  constructor(parts: {
    store: NodeStore
    node: NewNode
    /** False while this node hears no hints. */
    listening: () => boolean
    log: Log
  }) {
    const { url, gossipAddress, ...node } = parts.node
    this.#store = parts.store
    this.#node = node
    this.#url = url
    this.#gossipAddress = gossipAddress
    this.#listening = parts.listening
    this.#log = parts.log
  }

  /** How long it lasts without a renewal, in ms. */
  get duration(): number {
    return this.#node.lease
  }

  /** This node's row as it was at the last renewal. */
  get row(): NodeRow | undefined {
    return this.#row
  }

  /** For how long it has been renewed without a gap, in ms; 0 while it is not. */
  heldFor(): number {
    const now = performance.now()
    if (this.#heldSince === undefined || now - this.#renewedAt > this.duration) return 0
    return now - this.#heldSince
  }

  /** Takes the name. Throws JoinError if another installation holds it, DATABASE_UNAVAILABLE. */
  async take(): Promise<NodeRow> {
    const wanted = { ...this.#node, url: this.#url, gossipAddress: this.#gossipAddress }
    const row = await this.#store.register(wanted)
    if (row !== undefined) return this.#renewed(row)
    const holder = (await this.#store.all()).find(({ name }) => name === this.#node.name)
    throw nameTaken(this.#node.name, holder)
  }

  /** Tells the others with the next renewal where this node answers by now. */
  moved(url: string, gossipAddress: string | null): void {
    this.#url = url
    this.#gossipAddress = gossipAddress
  }

  /**
   * Renews it, and takes the name again if its row was removed. Throws JoinError if another start of this node has taken its
   * place, for good; DATABASE_UNAVAILABLE, to be tried again.
   */
  async renew(): Promise<NodeRow> {
    const { name, bootId, lease } = this.#node
    const askedAt = performance.now()
    const row = await this.#store
      .renew({
        name,
        bootId,
        lease,
        url: this.#url,
        gossipAddress: this.#gossipAddress,
        databaseMs: this.#databaseMs,
        listening: this.#listening(),
      })
      .catch((error: unknown) => {
        this.#sayFailing()
        throw error
      })
    this.#databaseMs = performance.now() - askedAt
    if (row !== undefined) return this.#renewed(row)
    const present = (await this.#store.all()).find((each) => each.name === name)
    if (present === undefined) return this.take()
    throw new JoinError(
      `Another start of the node ${name} has taken its place; this one ends. Give each server a name (node.name) and a data directory of its own.`,
    )
  }

  /** Gives it up in order; sessions go on. Never rejects. */
  async release(): Promise<void> {
    await this.#store.release(this.#node).catch(() => undefined)
  }

  #renewed(row: NodeRow): NodeRow {
    const now = performance.now()
    if (this.heldFor() === 0) this.#heldSince = now
    this.#renewedAt = now
    this.#row = row
    if (this.#failing) this.#log.info('the lease of this node is renewed again')
    this.#failing = false
    return row
  }

  #sayFailing(): void {
    if (!this.#failing) {
      this.#log.warn('the lease of this node cannot be renewed; open sessions go on')
    }
    this.#failing = true
  }
}
