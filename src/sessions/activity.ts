import { LatestTimes } from './latest-times.ts'

/** When each session was last really used, as the data plane of this node saw it, and when it was last seen to compute. */
export class Activity {
  readonly uses = new LatestTimes()
  readonly computing = new LatestTimes()

  /** Notes a use of the session now. */
  used(id: string): void {
    this.uses.note(id)
  }

  /** Notes that the session computes now. */
  computed(id: string): void {
    this.computing.note(id)
  }

  /** The later of what this node saw and what the database knows. */
  lastUsed(session: { readonly id: string; readonly lastUsedAt: Date }): Date {
    return this.uses.latest(session.id, session.lastUsedAt) ?? session.lastUsedAt
  }

  /** The same for computing; null if it was never seen to. */
  lastBusy(session: { readonly id: string; readonly lastBusyAt: Date | null }): Date | null {
    return this.computing.latest(session.id, session.lastBusyAt)
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.uses.forget(id)
    this.computing.forget(id)
  }
}
