import type { Membership } from '../../cluster/index.ts'
import type { Log } from '../log.ts'
import type { KnownNodes } from '../nodes/known-nodes.ts'
import { lostNodes } from '../nodes/lost-nodes.ts'
import type { NodeLease } from '../nodes/node-lease.ts'
import type { NodeStore } from '../nodes/node-store.ts'
import type { Locations } from '../sessions/locations.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import { isFinal } from '../sessions/session.ts'
import type { Task } from './task.ts'

/** Gives up nodes that are out of touch with everybody, and marks their sessions Lost. Any node may do it, and one does. */
export class LoseNodes implements Task {
  readonly name = 'lose-nodes'
  readonly period = 2000
  readonly #store: Pick<NodeStore, 'lose'>
  readonly #sessions: Pick<SessionStore, 'lose'>
  readonly #nodes: KnownNodes
  readonly #lease: Pick<NodeLease, 'heldFor' | 'duration'>
  readonly #membership: Membership
  readonly #locations: Locations
  readonly #log: Log

  constructor(parts: {
    store: Pick<NodeStore, 'lose'>
    sessions: Pick<SessionStore, 'lose'>
    nodes: KnownNodes
    lease: Pick<NodeLease, 'heldFor' | 'duration'>
    membership: Membership
    locations: Locations
    log: Log
  }) {
    this.#store = parts.store
    this.#sessions = parts.sessions
    this.#nodes = parts.nodes
    this.#lease = parts.lease
    this.#membership = parts.membership
    this.#locations = parts.locations
    this.#log = parts.log
  }

  /**
   * Looks once. After an outage of the database all leases have run out, so a node judges others only once it has held its own
   * for a whole lease.
   */
  async activate(): Promise<void> {
    if (!this.#mayHaveLost()) return
    await this.#nodes.readAll()
    if (this.#lease.heldFor() < this.#lease.duration) return
    for (const { name, epoch } of lostNodes(this.#nodes.all(), this.#membership)) {
      const lost = await this.#store.lose({ name, epoch })
      if (lost !== undefined) this.#log.warn({ node: name }, 'a node is lost')
    }
    for (const node of this.#orphaned()) {
      const lost = await this.#sessions.lose(node)
      this.#locations.apply(lost)
      if (lost.length > 0) this.#log.warn({ node, sessions: lost.length }, 'sessions are lost')
    }
  }

  /** Nodes that do not answer; the table need not be read while there are none. */
  #mayHaveLost(): boolean {
    const isHere = (name: string) => {
      const state = this.#membership.get(name)?.state
      return state !== undefined && state !== 'failed'
    }
    return (
      this.#nodes.all().some(({ name, lostAt }) => lostAt === null && !isHere(name)) ||
      this.#orphaned().length > 0
    )
  }

  /** The names of lost nodes, and of nodes that are no more, that sessions are still told to run on. */
  #orphaned(): readonly string[] {
    const names = this.#locations
      .all()
      .filter(({ state, location }) => {
        return !isFinal(state) && state !== 'Lost' && location?.kind !== 'address'
      })
      .map(({ node }) => node)
    return [...new Set(names)].filter((name) => {
      const row = this.#nodes.get(name)
      return row === undefined || row.lostAt !== null
    })
  }
}
