import { dirname, normalize } from 'node:path'
import type { RunAs } from '../ides/versions.ts'
import {
  FOLDER_SCRIPT,
  FOLDER_VARIABLE,
  parseFolder,
  type FolderListing,
} from './folder-listing.ts'

/** A folder with its absolute path, and that of the one above it; the topmost has none. */
export interface Folder extends FolderListing {
  readonly path: string
  readonly parent: string | null
}

/** Folders of a server, each user's as that user sees them. */
export class Folders {
  readonly #runAs: RunAs
  readonly #homeOf: (user: string) => Promise<string>

  constructor(parts: { runAs: RunAs; homeOf: (user: string) => Promise<string> }) {
    this.#runAs = parts.runAs
    this.#homeOf = parts.homeOf
  }

  /**
   * What is in a folder; in the user's home without a path. Throws FOLDER_NOT_FOUND, FOLDER_CLOSED, or LAUNCHER_UNAVAILABLE.
   */
  async list(user: string, path?: string): Promise<Folder> {
    const wanted = normalize(path ?? (await this.#homeOf(user))).replace(/(?<=.)\/$/, '')
    const printed = await this.#runAs(user, FOLDER_SCRIPT, { [FOLDER_VARIABLE]: wanted })
    const parent = wanted === '/' ? null : dirname(wanted)
    return { path: wanted, parent, ...parseFolder(printed, wanted) }
  }
}
