import { hkdfSync, randomBytes } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { nanoid } from 'nanoid'
import { systemCode } from '../errors.ts'

const KEY_BYTES = 32

/** The one secret that all nodes of a cluster share; every other key is derived from it. */
export class ClusterKey {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  /** A 32-byte key for one purpose (HKDF with SHA-256, RFC 5869): knowing it reveals neither the cluster key nor other keys. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, '', `atelier ${purpose}`, KEY_BYTES))
  }

  /** A short name of the key that may be shown: two clusters differ in it. */
  get fingerprint(): string {
    return this.derive('fingerprint').toString('hex').slice(0, 8)
  }
}

/**
 * Reads the cluster key, or makes it on the first start (mode 0600). Throws when others may read the file or when it
 * does not hold 32 bytes in base64.
 */
export function readClusterKey(file: string): ClusterKey {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) makeKey(file)
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Error(`${file} can be read by others. Mend it with: chmod 600 ${file}`)
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== KEY_BYTES) {
    throw new Error(`${file} does not hold a key of ${KEY_BYTES} bytes in base64.`)
  }
  return new ClusterKey(key)
}

/** Makes the file whole or not at all; of several that make it at once, one makes it and the others keep that one. */
function makeKey(file: string): void {
  const fresh = `${file}.${nanoid()}`
  try {
    writeFileSync(fresh, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    })
    linkSync(fresh, file)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}
