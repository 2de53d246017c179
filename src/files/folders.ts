import { dirname, normalize } from 'node:path'
import { AtelierError } from '../errors.ts'
import type { RunAs } from '../ides/versions.ts'
import {
  FOLDER_SCRIPT,
  FOLDER_VARIABLE,
  parseFolder,
  type FolderListing,
} from './folder-listing.ts'

/** Listings of one user at a time. */
const AT_ONCE_MOST = 4

/** A folder with its absolute path, and that of the one above it; the topmost has none. */
export interface Folder extends FolderListing {
  readonly path: string
  readonly parent: string | null
}

/** Folders of a server, each user's as that user sees them. */
export class Folders {
  readonly #runAs: RunAs
  readonly #homeOf: (user: string) => Promise<string>
  /** How many listings each user waits for. */
  readonly #asking = new Map<string, number>()

  constructor(parts: { runAs: RunAs; homeOf: (user: string) => Promise<string> }) {
    this.#runAs = parts.runAs
    this.#homeOf = parts.homeOf
  }

  /**
   * What is in a folder; in the user's home without a path. Throws FOLDER_NOT_FOUND, FOLDER_CLOSED, LAUNCHER_UNAVAILABLE, or
   * TOO_MANY_REQUESTS while the user waits for several already: each is a job of the Launcher, and a home may stall.
   */
  async list(user: string, path?: string): Promise<Folder> {
    const wanted = normalize(path ?? (await this.#homeOf(user))).replace(/(?<=.)\/$/, '')
    const printed = await this.#read(user, wanted)
    const parent = wanted === '/' ? null : dirname(wanted)
    return { path: wanted, parent, ...parseFolder(printed, wanted) }
  }

  async #read(user: string, wanted: string): Promise<string> {
    const others = this.#asking.get(user) ?? 0
    if (others >= AT_ONCE_MOST) throw new AtelierError('TOO_MANY_REQUESTS')
    this.#asking.set(user, others + 1)
    try {
      return await this.#runAs(user, FOLDER_SCRIPT, { [FOLDER_VARIABLE]: wanted })
    } finally {
      const left = (this.#asking.get(user) ?? 1) - 1
      if (left > 0) this.#asking.set(user, left)
      else this.#asking.delete(user)
    }
  }
}
