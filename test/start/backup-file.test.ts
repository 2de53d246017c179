import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import type { TableRows } from '../../src/postgres/dump.ts'
import { readBackup, writeBackup, type BackupHeader } from '../../src/start/backup-file.ts'

const about: BackupHeader = {
  format: 'atelier-backup',
  formatVersion: 1,
  atelier: '0.1.0',
  madeAt: '2026-01-01T12:00:00.000Z',
  migrations: ['0001_first'],
  clusterKey: 'key\n',
}
const tables: readonly TableRows[] = [
  { table: 'sessions', rows: ['{"id": "ä\\n"}', '{"id": 2}'] },
  { table: 'others', rows: ['{}'] },
]

t.test('what is written is read again, and only its owner can', async (t) => {
  const file = join(t.testdir(), 'a.gz')
  t.equal(await writeBackup(file, about, each(tables)), 3)
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.strictSame(await readWhole(file), { about, tables })
})

t.test('a backup that is cut or changed anywhere is never taken for a whole one', async (t) => {
  const directory = t.testdir()
  const file = join(directory, 'a.gz')
  await writeBackup(file, about, each(tables))
  const whole = readFileSync(file)
  const text = gunzipSync(whole).toString()
  const cut = join(directory, 'cut.gz')
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (length) => {
      writeFileSync(cut, whole.subarray(0, length))
      await readWhole(cut).then(() => Promise.reject(new Error('read')), saysSo)
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: text.length - 1 }), async (length) => {
      writeFileSync(cut, gzipSync(text.slice(0, length)))
      await readWhole(cut).then(() => Promise.reject(new Error('read')), saysSo)
    }),
  )
  const lines = text.split('\n')
  writeFileSync(cut, gzipSync([lines[0], lines[1], ...lines.slice(3)].join('\n')))
  await t.rejects(readWhole(cut), /is not a whole backup/, 'rows that are missing')
  writeFileSync(cut, gzipSync(text.replace('"formatVersion":1', '"formatVersion":2')))
  await t.rejects(readWhole(cut), /is no backup of Atelier, or of a newer one/)
  writeFileSync(cut, 'something else')
  await t.rejects(readWhole(cut), /is not a whole backup/)
  await t.rejects(readWhole(join(directory, 'none')), /none does not exist/)
})

t.test('what fails leaves nothing behind', async (t) => {
  const file = join(t.testdir(), 'a.gz')
  async function* failing(): AsyncGenerator<TableRows> {
    yield* tables
    throw new Error('the database is gone')
  }
  await t.rejects(writeBackup(file, about, failing()), /the database is gone/)
  t.notOk(existsSync(file))
  t.notOk(existsSync(`${file}.part`))
})

async function readWhole(file: string) {
  const found = await readBackup(file)
  const read: TableRows[] = []
  for await (const table of found.tables) read.push(table)
  return { about: found.about, tables: read }
}

async function* each(all: readonly TableRows[]): AsyncGenerator<TableRows> {
  yield* all
}

function saysSo(error: unknown): void {
  if (error instanceof Error && /is (no|not a whole) backup of Atelier/.test(error.message)) return
  throw error
}
