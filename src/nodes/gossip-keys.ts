import { readFileSync, statSync } from 'node:fs'

const KEY_BYTES = 32

/**
 * The keys in a file, 32 bytes in base64 in each line: the first seals the gossip, all open it. Throws an Error that names
 * the file and the line, also when others may read it.
 */
export function readGossipKeys(file: string): readonly Uint8Array[] {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Error(`${file} can be read by others. Mend it with: chmod 600 ${file}`)
  }
  const lines = readFileSync(file, 'utf8').split('\n')
  const keys = lines.flatMap((line, index) => {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return []
    const key = Buffer.from(text, 'base64')
    if (key.length === KEY_BYTES) return [key]
    throw new Error(`${file}, line ${index + 1}: this is no key of ${KEY_BYTES} bytes in base64`)
  })
  if (keys.length > 0) return keys
  throw new Error(`${file} holds no key. Make one with: openssl rand -base64 ${KEY_BYTES}`)
}
