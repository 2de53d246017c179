import { loadavg } from 'node:os'
import type { Membership } from '../../cluster/index.ts'
import { JoinError } from '../nodes/cluster-check.ts'
import type { NodeLease } from '../nodes/node-lease.ts'
import type { Locations } from '../sessions/locations.ts'
import { isFinal } from '../sessions/session.ts'
import type { Task } from './task.ts'

/** Renews this node's lease, and tells the other members by gossip what it learns: whether it is drained, its load, its sessions. */
export class RenewLease implements Task {
  readonly name = 'renew-lease'
  readonly #lease: NodeLease
  readonly #membership: Membership
  readonly #locations: Locations
  readonly #processors: number
  readonly #superseded: (error: JoinError) => void

  constructor(parts: {
    lease: NodeLease
    membership: Membership
    locations: Locations
    /** How many processors this server has. */
    processors: number
    /** Told when another start of this node has taken its place. */
    superseded: (error: JoinError) => void
  }) {
    this.#lease = parts.lease
    this.#membership = parts.membership
    this.#locations = parts.locations
    this.#processors = parts.processors
    this.#superseded = parts.superseded
  }

  /** Often enough that a few renewals may fail before the lease runs out. */
  get period(): number {
    return Math.min(2500, this.#lease.duration / 4)
  }

  /** Renews once. While the database is away it is tried again with the next period. */
  async activate(): Promise<void> {
    const { name } = this.#membership.local
    const live = this.#locations.all().filter((each) => each.node === name && !isFinal(each.state))
    const [load = 0] = loadavg()
    this.#membership.updateMeta({ sessions: live.length, load: load / this.#processors })
    try {
      const { draining } = await this.#lease.renew()
      this.#membership.updateMeta({ draining })
    } catch (error) {
      // The lease itself tells that the database is away, once.
      if (error instanceof JoinError) this.#superseded(error)
    }
  }
}
