import {
  type Member,
  place,
  type PlacementRequest,
  type PlacementStrategy,
  takesSessions,
} from '../../cluster/index.ts'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Held, withFresherFigures } from './placement-figures.ts'
import type { PlacementProgram } from './placement-program.ts'

/** For whom a node is chosen. */
export interface PlacementWish extends PlacementRequest {
  /** A node that gets the session only if no other takes it. */
  readonly last?: string
}

/** Decides which node gets a new session. Only nodes that are alive and not being drained get one. */
export class Placement {
  readonly #members: () => readonly Member[]
  readonly #sessions: () => readonly Held[]
  readonly #strategy: PlacementStrategy
  readonly #program: Pick<PlacementProgram, 'choose'> | undefined
  readonly #answers: ((member: Member) => Promise<boolean>) | undefined
  readonly #log: Log
  readonly #placing = new Set<{ readonly node: string }>()

  constructor(parts: {
    members: () => readonly Member[]
    /** Every session that this node knows: fresher than what members tell of themselves. */
    sessions: () => readonly Held[]
    strategy: PlacementStrategy
    /** If there is one it is asked first, and the strategy decides when it does not answer well. */
    program?: Pick<PlacementProgram, 'choose'> | undefined
    /** If there is one, it tells whether a chosen node answers: gossip takes seconds to notice that one is dead. */
    answers?: (member: Member) => Promise<boolean>
    log: Log
  }) {
    this.#members = parts.members
    this.#sessions = parts.sessions
    this.#strategy = parts.strategy
    this.#program = parts.program
    this.#answers = parts.answers
    this.#log = parts.log
  }

  /**
   * Chooses a node and lets `put` write the session there; if the node does not answer, or `put` throws NO_NODE, as the node
   * is being drained by now, another node is chosen. Throws NO_NODE when none is left. The session counts as held by its node until `put` has
   * ended, so that starts at the same moment spread; `put` makes its row known before.
   */
  async place<T>(wish: PlacementWish, put: (node: string) => Promise<T>): Promise<T> {
    const refused = new Set<string>()
    for (;;) {
      const placing = await this.#choose(wish, refused)
      try {
        if (await this.#isThere(placing.node)) return await put(placing.node)
        refused.add(placing.node)
      } catch (error) {
        if (!(error instanceof AtelierError) || error.code !== 'NO_NODE') throw error
        refused.add(placing.node)
      } finally {
        this.#placing.delete(placing)
      }
    }
  }

  // What is chosen counts from the same moment on, before anybody else can choose.
  async #choose(wish: PlacementWish, refused: ReadonlySet<string>): Promise<{ node: string }> {
    const named = await this.#ask(wish, refused)
    // Who was there may be gone after the time that a program takes.
    const candidates = this.#candidates(wish, refused)
    const isThere = candidates.some(({ name }) => name === named)
    const node = isThere ? named : this.#byStrategy(wish, candidates)
    if (node === undefined) throw new AtelierError('NO_NODE')
    const placing = { node }
    this.#placing.add(placing)
    return placing
  }

  async #isThere(node: string): Promise<boolean> {
    const member = this.#members().find(({ name }) => name === node)
    if (member === undefined) return false
    return this.#answers === undefined || this.#answers(member)
  }

  async #ask(wish: PlacementWish, refused: ReadonlySet<string>): Promise<string | undefined> {
    if (this.#program === undefined) return undefined
    const candidates = this.#candidates(wish, refused)
    if (candidates.length === 0) return undefined
    try {
      return await this.#program.choose(wish.user, candidates)
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      this.#log.warn(
        { problem, strategy: this.#strategy },
        'placement.program chose no node; the strategy does instead',
      )
      return undefined
    }
  }

  #byStrategy(wish: PlacementWish, candidates: readonly Member[]): string | undefined {
    const placing = [...this.#placing].map(({ node }) => node)
    const members = withFresherFigures(candidates, this.#sessions(), placing, Date.now())
    return place(this.#strategy, members, wish)?.name
  }

  #candidates({ last }: PlacementWish, refused: ReadonlySet<string>): readonly Member[] {
    const all = this.#members().filter((each) => takesSessions(each) && !refused.has(each.name))
    const preferred = all.filter(({ name }) => name !== last)
    return preferred.length > 0 ? preferred : all
  }
}
