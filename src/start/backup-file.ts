import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { systemCode } from '../errors.ts'
import { fromLines, toLines } from '../launcher/ndjson.ts'
import type { TableRows } from '../postgres/dump.ts'

const header = z.object({
  format: z.literal('atelier-backup'),
  formatVersion: z.literal(1),
  /** The version of Atelier that made it, and when. */
  atelier: z.string(),
  madeAt: z.iso.datetime(),
  /** The migrations that its tables had seen. */
  migrations: z.array(z.string()).readonly(),
  /** The text of the cluster key's file. */
  clusterKey: z.string(),
})
const part = z.object({ table: z.string(), rows: z.array(z.string()) })
const end = z.object({ end: z.literal(true), rows: z.int() })

/** What a backup says of itself, and the cluster key. */
export type BackupHeader = z.infer<typeof header>

/**
 * Writes a backup: gzip of JSON lines, first the header, then rows, then the count of rows. The file is readable by its
 * owner only and appears when it is complete. Answers the number of rows.
 */
export async function writeBackup(
  file: string,
  about: BackupHeader,
  tables: AsyncIterable<TableRows>,
): Promise<number> {
  let count = 0
  async function* values() {
    yield about
    for await (const each of tables) {
      count += each.rows.length
      yield each
    }
    yield { end: true, rows: count }
  }
  const unfinished = `${file}.part`
  try {
    const output = createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true })
    await pipeline(Readable.from(toLines(values())), createGzip(), output)
    await rename(unfinished, file)
    return count
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      throw new Error(`${unfinished} is there already; remove it first.`)
    await rm(unfinished, { force: true })
    throw error
  }
}

/** Reads a backup. Throws an Error that says so if the file is none, or not whole. */
export async function readBackup(
  file: string,
): Promise<{ readonly about: BackupHeader; readonly tables: AsyncIterable<TableRows> }> {
  const lines = readLines(file)
  const first = header.safeParse((await lines.next()).value)
  if (!first.success) throw new Error(`${file} is no backup of Atelier, or of a newer one.`)
  return { about: first.data, tables: readTables(file, lines) }
}

async function* readTables(file: string, lines: AsyncIterable<unknown>): AsyncGenerator<TableRows> {
  let count = 0
  let isWhole = false
  // To the very end, where gzip's own check is.
  for await (const line of lines) {
    const rows = part.safeParse(line)
    if (isWhole) throw notWhole(file)
    if (rows.success) {
      count += rows.data.rows.length
      yield rows.data
    } else if (end.safeParse(line).data?.rows === count) isWhole = true
    else throw notWhole(file)
  }
  if (!isWhole) throw notWhole(file)
}

async function* readLines(file: string): AsyncGenerator<unknown> {
  const input = createReadStream(file)
  const text = input.pipe(createGunzip())
  input.on('error', (error) => text.destroy(error))
  try {
    yield* fromLines(text)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') throw new Error(`${file} does not exist.`, { cause: error })
    if (code === 'EACCES') throw new Error(`This account may not read ${file}.`, { cause: error })
    throw notWhole(file, error)
  }
}

function notWhole(file: string, cause?: unknown): Error {
  return new Error(`${file} is not a whole backup of Atelier.`, { cause })
}
