import type { Membership } from '../../cluster/index.ts'
import { AtelierError } from '../errors.ts'
import type { Locations } from '../sessions/locations.ts'
import { isFinal, type Session } from '../sessions/session.ts'
import type { NodeStore } from './node-store.ts'
import { nodeState } from './node-state.ts'
import type { NodeRow, NodeView } from './cluster-node.ts'

/** What administrators do with nodes. */
export class Nodes {
  readonly #store: NodeStore
  readonly #membership: Membership
  readonly #locations: Locations

  constructor(parts: { store: NodeStore; membership: Membership; locations: Locations }) {
    this.#store = parts.store
    this.#membership = parts.membership
    this.#locations = parts.locations
  }

  /** Every node, by name. Throws DATABASE_UNAVAILABLE. */
  async listNodes(): Promise<readonly NodeView[]> {
    return (await this.#store.all()).map((row) => this.#view(row))
  }

  /** The sessions that the node holds, oldest first, of all users. Throws NODE_NOT_FOUND if it holds none and is none. */
  async sessionsOf(name: string): Promise<readonly Session[]> {
    const held = this.#locations
      .all()
      .filter(({ node }) => node === name)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
    if (held.length === 0) await this.#find(name)
    return held
  }

  /** From now on the node gets no new sessions, and keeps those it has. Throws NODE_NOT_FOUND. */
  async drainNode(name: string): Promise<NodeView> {
    return this.#setDraining(name, true)
  }

  /** The node takes new sessions again. Throws NODE_NOT_FOUND. */
  async undrainNode(name: string): Promise<NodeView> {
    return this.#setDraining(name, false)
  }

  /** Forgets a node that has ended for good. Throws NODE_NOT_FOUND, and NODE_ONLINE while its lease lasts. */
  async removeNode(name: string): Promise<void> {
    if (await this.#store.remove(name)) return
    await this.#find(name)
    throw new AtelierError('NODE_ONLINE')
  }

  async #setDraining(name: string, draining: boolean): Promise<NodeView> {
    const row = await this.#store.setDraining(name, draining)
    if (row === undefined) throw new AtelierError('NODE_NOT_FOUND')
    return this.#view(row)
  }

  async #find(name: string): Promise<NodeRow> {
    const row = (await this.#store.all()).find((each) => each.name === name)
    if (row === undefined) throw new AtelierError('NODE_NOT_FOUND')
    return row
  }

  #view(row: NodeRow): NodeView {
    const member = this.#membership.get(row.name)
    const held = this.#locations
      .all()
      .filter(({ node, state }) => node === row.name && !isFinal(state))
    return {
      ...row,
      state: nodeState(row, member),
      self: row.name === this.#membership.local.name,
      sessions: held.length,
      load: member?.meta.load ?? null,
      roundTripMs: this.#membership.roundTrip(row.name) ?? null,
    }
  }
}
