import { hkdfSync } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeKeyFile, readKeyFile } from '../key-file.ts'

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
 * does not hold 32 bytes in base64. Root may let a group read it: that of a node which is not started by root.
 */
export function readClusterKey(file: string): ClusterKey {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) makeKeyFile(file)
  const { mode, uid } = statSync(file)
  if ((mode & (uid === 0 ? 0o037 : 0o077)) !== 0) {
    throw new Error(`${file} can be read by others. Mend it with: chmod 600 ${file}`)
  }
  return new ClusterKey(readKeyFile(file))
}
