import { readFileSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { systemCode } from '../errors.ts'
import type { TomlPath } from './key-lines.ts'
import { configKeys } from './keys.ts'
import { isTable, type Table } from './settings.ts'

/** What is wrong with one key: a sentence that follows the key's name. */
export interface Mistake {
  readonly path: TomlPath
  readonly says: string
}

/**
 * Replaces `<key>_file`, which every secret key may be given as, by the content of that file without its line end. Answers
 * what is wrong with these files; one that everybody on the machine can read is refused.
 */
export function readSecretFiles(raw: Table): readonly Mistake[] {
  const mistakes: Mistake[] = []
  for (const { table, key, secret } of configKeys()) {
    const values = raw[table]
    const fileKey = `${key}_file`
    if (!secret || !isTable(values) || !Object.hasOwn(values, fileKey)) continue
    const file = values[fileKey]
    delete values[fileKey]
    const outcome = Object.hasOwn(values, key)
      ? { says: `is set beside ${table}.${key}; keep only one of them` }
      : readSecret(file)
    if ('says' in outcome) mistakes.push({ path: [table, fileKey], ...outcome })
    else values[key] = outcome.secret
  }
  return mistakes
}

function readSecret(file: unknown): { secret: string } | { says: string } {
  if (typeof file !== 'string' || !isAbsolute(file)) {
    return { says: 'must be the absolute path of a file that holds the secret' }
  }
  try {
    if ((statSync(file).mode & 0o007) !== 0) {
      return {
        says: `names ${file}, which everybody here can read; mend it with: chmod o= ${file}`,
      }
    }
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    return secret === '' ? { says: `names ${file}, which is empty` } : { secret }
  } catch (error) {
    return { says: `names ${file}, which ${whyUnread(error)}` }
  }
}

/** Why a file could not be read, in words that follow its name. */
export function whyUnread(error: unknown): string {
  const code = systemCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'this account may not read'
  if (code === 'EISDIR') return 'is a directory'
  return `cannot be read (${code ?? 'for an unknown reason'})`
}
