/** The latest time of something for each session, and which of them the database has not been told of. */
export class LatestTimes {
  readonly #times = new Map<string, number>()
  #unwritten = new Map<string, Date>()

  /** Notes that it is so now. */
  note(id: string): void {
    const now = Date.now()
    this.#times.set(id, now)
    this.#unwritten.set(id, new Date(now))
  }

  /** The later of what this node saw and what the database knows, if either knows anything. */
  latest(id: string, known: Date | null): Date | null {
    const seen = this.#times.get(id)
    if (seen === undefined) return known
    return new Date(Math.max(seen, known?.getTime() ?? 0))
  }

  /** Hands over what the database has not been told of; call `untaken` if it could not be told. */
  take(): ReadonlyMap<string, Date> {
    const taken = this.#unwritten
    this.#unwritten = new Map()
    return taken
  }

  /** Takes back what `take` handed over, except where there is newer. */
  untaken(times: ReadonlyMap<string, Date>): void {
    this.#unwritten = new Map([...times, ...this.#unwritten])
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#times.delete(id)
    this.#unwritten.delete(id)
  }
}
