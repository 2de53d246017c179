import { createHash, timingSafeEqual } from 'node:crypto'
import { chmodSync, chownSync, existsSync, readFileSync, statSync } from 'node:fs'
import { makeKeyFile, readKeyFile } from '../key-file.ts'

/** The header of a request that carries the key. Headers of this name never reach a log. */
export const KEY_HEADER = 'authorization'

/** Tells whether what a request carries is the key. */
export class LauncherKey {
  readonly #digest: Buffer

  constructor(key: string) {
    this.#digest = digestOf(headerOf(key))
  }

  /** Takes as long whatever is wrong with `header`. */
  opens(header: string | undefined): boolean {
    // Of equal length, whatever was sent.
    return timingSafeEqual(digestOf(header ?? ''), this.#digest)
  }
}

/**
 * Reads the Launcher's key, or makes it at the first start. It is `group`'s to read, and nobody else's; throws when others
 * may read it, or it is no key.
 */
export function launcherKey(file: string, group: number | undefined): LauncherKey {
  if (!existsSync(file)) makeKeyFile(file, { gid: group })
  const { mode, uid, gid } = statSync(file)
  if ((mode & 0o007) !== 0) {
    throw new Error(`${file} can be read by others. Mend it with: chmod o= ${file}`)
  }
  if (group !== undefined && (gid !== group || (mode & 0o777) !== 0o640)) {
    chownSync(file, uid, group)
    chmodSync(file, 0o640)
  }
  return new LauncherKey(readKeyFile(file).toString('base64'))
}

/** The key as a node shows it, read from its file when it is needed first. */
export class ShownKey {
  readonly #file: string
  #header: string | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** The header's value. Throws the errors of node:fs while it cannot be read. */
  get header(): string {
    this.#header ??= headerOf(readFileSync(this.#file, 'utf8').trim())
    return this.#header
  }

  /** Reads the file again unless that was done since `refused` was shown; false if it says the same still. */
  reread(refused: string): boolean {
    if (this.#header === refused) this.#header = undefined
    return this.header !== refused
  }
}

function headerOf(key: string): string {
  return `Bearer ${key}`
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
