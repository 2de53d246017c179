import type { RunAs } from '../ides/versions.ts'
import type { Log } from '../log.ts'
import { parseProjects } from './parse-projects.ts'
import type { FoundProjects } from './project.ts'
import { PROJECTS_SCRIPT } from './projects-script.ts'

/** What was found is believed for so long, in ms. */
const FRESH_MS = 60_000
/** A home that did not answer is left alone for so long, in ms: each try leaves a process behind that cannot be ended. */
const REST_MS = 5 * 60_000

/** The projects of people, looked for by their own accounts, since nobody else may see into their homes. */
export class Projects {
  readonly #runAs: RunAs
  readonly #homeOf: (user: string) => Promise<string>
  readonly #log: Log
  readonly #now: () => number
  readonly #known = new Map<
    string,
    { readonly until: number; readonly found: Promise<FoundProjects> }
  >()

  /** `runAs` answers what was printed so far when its time is over; `now` is in ms and only ever grows. */
  constructor(parts: {
    runAs: RunAs
    homeOf: (user: string) => Promise<string>
    log: Log
    now?: () => number
  }) {
    this.#runAs = parts.runAs
    this.#homeOf = parts.homeOf
    this.#log = parts.log
    this.#now = parts.now ?? (() => performance.now())
  }

  /** Those of the user, as of a minute ago at most, the last used ones first. Throws LAUNCHER_UNAVAILABLE. */
  async list(user: string): Promise<FoundProjects> {
    const known = this.#known.get(user)
    if (known !== undefined && this.#now() < known.until) return known.found
    const found = this.#look(user)
    // One look at a time: whoever asks meanwhile gets the answer to the first.
    this.#known.set(user, { until: Infinity, found })
    try {
      const { complete } = await found
      this.#known.set(user, { until: this.#now() + (complete ? FRESH_MS : REST_MS), found })
    } catch (error) {
      this.#known.delete(user)
      throw error
    }
    return found
  }

  async #look(user: string): Promise<FoundProjects> {
    const home = await this.#homeOf(user)
    const found = parseProjects(await this.#runAs(user, PROJECTS_SCRIPT), home)
    if (!found.complete) this.#log.warn({ user }, 'the home did not answer in time')
    return found
  }
}
