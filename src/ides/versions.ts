import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { IdeName } from '../sessions/session.ts'
import { parseVersions } from './language-version.ts'
import type { ChosenVersions, Language, LanguageVersion } from './language-version.ts'
import { versionsScript, type VersionPlaces } from './versions-script.ts'

/** Runs a script as an account, which alone sees its environment, and answers what it printed. */
export type RunAs = (
  user: string,
  script: string,
  environment?: Readonly<Record<string, string>>,
) => Promise<string>

/** What was found for an account is believed for so long, in ms. */
const FRESH_MS = 60_000
/** A scan that was asked for is not made again for so long, in ms: each is a job of the account. */
const RESCAN_MS = 3000

/** What a session is to run: ids of versions, null for what its account runs anyway. */
export interface WantedVersions {
  readonly python: string | null
  readonly r: string | null
}

/** The Pythons and Rs that an account can run, looked for by that account itself, and anew from time to time. */
export class Versions {
  readonly #places: VersionPlaces
  readonly #runAs: RunAs
  readonly #log: Log
  readonly #now: () => number
  readonly #running = new Map<string, Promise<readonly LanguageVersion[]>>()
  readonly #waiting = new Map<string, Promise<readonly LanguageVersion[]>>()
  readonly #scans = new Map<string, { at: number; found: Promise<readonly LanguageVersion[]> }>()

  /** `now` is in ms and only ever grows. */
  constructor(parts: { places: VersionPlaces; runAs: RunAs; log: Log; now?: () => number }) {
    this.#places = parts.places
    this.#runAs = parts.runAs
    this.#log = parts.log
    this.#now = parts.now ?? (() => performance.now())
  }

  /**
   * All of them, as of a minute ago at most; with `rescan` as of a few seconds ago. Throws LAUNCHER_UNAVAILABLE if they
   * were never known.
   */
  async list(user: string, { rescan = false } = {}): Promise<readonly LanguageVersion[]> {
    return this.#scanned(user, this.#now() - (rescan ? RESCAN_MS : FRESH_MS))
  }

  /** Those that a session wants. Throws VERSION_UNUSABLE if one is not there, or its IDE cannot run it. */
  async choose(user: string, ide: IdeName, wanted: WantedVersions): Promise<ChosenVersions> {
    const python = await this.#find(user, 'python', wanted.python)
    const r = await this.#find(user, 'r', wanted.r)
    if (python?.kernel === false && (ide === 'jupyterlab' || ide === 'jupyter-notebook')) {
      throw new AtelierError(
        'VERSION_UNUSABLE',
        `${python.label} has no ipykernel, so Jupyter cannot run it. Install it with: ${python.program} -m pip install ipykernel`,
      )
    }
    return { ...(python && { python }), ...(r && { r }) }
  }

  async #find(
    user: string,
    language: Language,
    id: string | null,
  ): Promise<LanguageVersion | undefined> {
    if (id === null) return undefined
    const now = this.#now()
    // What is not there, or not whole, may just have been installed.
    for (const since of [now - FRESH_MS, now]) {
      const versions = await this.#scanned(user, since)
      const found = versions.find((each) => each.language === language && each.id === id)
      if (found !== undefined && (found.kernel || since === now)) return found
    }
    throw new AtelierError(
      'VERSION_UNUSABLE',
      `${language === 'python' ? 'Python' : 'R'} ${id} is not there, or ${user} cannot run it.`,
    )
  }

  /** What a scan found that began at `since` or later. */
  async #scanned(user: string, since: number): Promise<readonly LanguageVersion[]> {
    const known = this.#scans.get(user)
    if (known !== undefined && known.at >= since) return known.found
    const found = this.#scan(user)
    this.#scans.set(user, { at: this.#now(), found })
    try {
      return await found
    } catch (error) {
      // Tried again by whoever asks next; until then what was known is better than nothing.
      if (known === undefined) this.#scans.delete(user)
      else this.#scans.set(user, { at: -Infinity, found: known.found })
      if (known === undefined) throw error
      this.#log.warn({ err: error, user }, 'Pythons and Rs cannot be looked for')
      return known.found
    }
  }

  // One at a time for each user, and one more that waits: what they ask for begins later than they ask.
  async #scan(user: string): Promise<readonly LanguageVersion[]> {
    const running = this.#running.get(user)
    if (running === undefined) {
      const scan = this.#scanNow(user).finally(() => this.#running.delete(user))
      this.#running.set(user, scan)
      return scan
    }
    const waiting = this.#waiting.get(user)
    if (waiting !== undefined) return waiting
    const next = running
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        this.#waiting.delete(user)
        return this.#scan(user)
      })
    this.#waiting.set(user, next)
    return next
  }

  async #scanNow(user: string): Promise<readonly LanguageVersion[]> {
    return parseVersions(await this.#runAs(user, versionsScript(this.#places)))
  }
}
