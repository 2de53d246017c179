import { listProcesses, type Process } from './processes.ts'

/** Milliseconds for which a look at all processes is good. */
const FRESH_FOR = 50

/**
 * All processes of the system, read once for all who look at about the same time: when many jobs end at once each of them
 * looks again and again, and to read all of /proc takes its time.
 */
export class ProcessTable {
  readonly #list: () => readonly Process[]
  readonly #now: () => number
  #read: { readonly processes: readonly Process[]; readonly at: number } | undefined

  /** The parameters are for tests. */
  constructor({ list = listProcesses, now = () => performance.now() } = {}) {
    this.#list = list
    this.#now = now
  }

  /** The processes as they are now. */
  fresh(): readonly Process[] {
    const processes = this.#list()
    // The time of its end: a slow look must be good for somebody, too.
    this.#read = { processes, at: this.#now() }
    return processes
  }

  /** The processes as they were at most 50 ms ago: for looks after a first fresh one, as what is new then is not in it. */
  recent(): readonly Process[] {
    if (this.#read === undefined || this.#now() - this.#read.at > FRESH_FOR) return this.fresh()
    return this.#read.processes
  }
}
