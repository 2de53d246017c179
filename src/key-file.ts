import { randomBytes } from 'node:crypto'
import { chownSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { nanoid } from 'nanoid'
import { systemCode } from './errors.ts'

const KEY_BYTES = 32

/** Who may read a new key beside the account that makes it: members of a group, or nobody. */
export interface KeyReaders {
  readonly gid?: number | undefined
}

/**
 * Makes a file with a new key, whole or not at all; of several that make it at once, one makes it and the others keep that
 * one. Throws the errors of node:fs.
 */
export function makeKeyFile(file: string, { gid }: KeyReaders = {}): void {
  const fresh = `${file}.${nanoid()}`
  try {
    writeFileSync(fresh, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
      flag: 'wx',
      mode: gid === undefined ? 0o600 : 0o640,
      flush: true,
    })
    if (gid !== undefined) chownSync(fresh, statSync(fresh).uid, gid)
    linkSync(fresh, file)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** The key in a file. Throws an Error that names the file when it does not hold 32 bytes in base64. */
export function readKeyFile(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length === KEY_BYTES) return key
  throw new Error(`${file} does not hold a key of ${KEY_BYTES} bytes in base64.`)
}
