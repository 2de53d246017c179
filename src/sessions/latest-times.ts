/** The latest time of something for each session, and which of them the database has not been told of. */
export class LatestTimes {
  readonly #times = new Map<string, number>()
  readonly #ahead = new Map<string, { readonly time: number; readonly firstSeen: number }>()
  #unwritten = new Map<string, Date>()

  /** Notes that it is so now. */
  note(id: string): void {
    const now = Date.now()
    this.#times.set(id, now)
    this.#unwritten.set(id, new Date(now))
  }

  /**
   * The later of what this node saw and what the database knows, if either knows anything; never in the future. A time
   * that was noted while the clock was ahead counts as the time when it was first seen to be in the future.
   */
  latest(id: string, known: Date | null): Date | null {
    const now = Date.now()
    const times = [this.#times.get(id), known?.getTime()].filter((time) => time !== undefined)
    if (times.length === 0) return null
    const future = Math.max(...times)
    const past = times.filter((time) => time <= now)
    return new Date(Math.max(...past, future > now ? this.#firstSeen(id, future, now) : 0))
  }

  #firstSeen(id: string, time: number, now: number): number {
    const ahead = this.#ahead.get(id)
    if (ahead !== undefined && ahead.time === time && ahead.firstSeen <= now) return ahead.firstSeen
    this.#ahead.set(id, { time, firstSeen: now })
    return now
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
    this.#ahead.delete(id)
    this.#unwritten.delete(id)
  }
}
