import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { nanoid } from 'nanoid'
import { systemCode } from './errors.ts'

const MACHINE = '/etc/machine-id'

/**
 * The name of this data directory on this machine: two servers that were given one node name differ in it, also if one is a
 * copy of the other, and a node that starts again does not.
 */
export function readInstallation(file: string): string {
  const machine = `${read(MACHINE) ?? ''} ${hostname()}`
  return createHash('sha256')
    .update(`${readOrMake(file)} ${machine}`)
    .digest('base64url')
}

function readOrMake(file: string): string {
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
    if (['ENOENT', 'EACCES'].includes(systemCode(error) ?? '') && file === MACHINE) return undefined
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
