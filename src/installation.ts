import { readFileSync, writeFileSync } from 'node:fs'
import { nanoid } from 'nanoid'
import { systemCode } from './errors.ts'

/**
 * The name of this data directory, made at its first start: two servers that were given one node name differ in it, and a
 * node that starts again does not.
 */
export function readInstallation(file: string): string {
  const kept = read(file)
  if (kept !== undefined) return kept
  try {
    writeFileSync(file, `${nanoid()}\n`, { flag: 'wx', flush: true })
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
  const made = read(file)
  if (made === undefined) throw new Error(`${file} is empty. Remove it, and start again.`)
  return made
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    return text === '' ? undefined : text
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
