/** When each session was last really used, as the data plane of this node saw it, and by how many open WebSockets. */
export class Activity {
  readonly #lastUsed = new Map<string, number>()
  readonly #tunnels = new Map<string, number>()
  #unwritten = new Map<string, Date>()

  /** Notes a use of the session now. */
  used(id: string): void {
    const now = Date.now()
    this.#lastUsed.set(id, now)
    this.#unwritten.set(id, new Date(now))
  }

  /** Notes that a WebSocket of the session was opened. */
  began(id: string): void {
    this.#tunnels.set(id, this.tunnels(id) + 1)
    this.used(id)
  }

  /** Notes that a WebSocket of the session was closed. */
  ended(id: string): void {
    const left = this.tunnels(id) - 1
    if (left > 0) this.#tunnels.set(id, left)
    else this.#tunnels.delete(id)
  }

  /** How many WebSockets of the session are open through this node. */
  tunnels(id: string): number {
    return this.#tunnels.get(id) ?? 0
  }

  /** The later of what this node saw and what the database knows. */
  lastUsed(session: { readonly id: string; readonly lastUsedAt: Date }): Date {
    return new Date(Math.max(this.#lastUsed.get(session.id) ?? 0, session.lastUsedAt.getTime()))
  }

  /** Hands over the uses that the database has not been told of; call `untaken` if it could not be told. */
  take(): ReadonlyMap<string, Date> {
    const taken = this.#unwritten
    this.#unwritten = new Map()
    return taken
  }

  /** Takes back what `take` handed over, except where there is newer. */
  untaken(uses: ReadonlyMap<string, Date>): void {
    this.#unwritten = new Map([...uses, ...this.#unwritten])
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#lastUsed.delete(id)
    this.#unwritten.delete(id)
  }
}
