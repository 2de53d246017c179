import { existsSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { OutputDirectories } from '../../src/jobs/output/output-directories.ts'
import { outputFiles } from '../../src/jobs/output/output-files.ts'
import { PostgresJobRetention } from '../../src/postgres/job-retention.ts'
import { PostgresJobStore } from '../../src/postgres/job-store.ts'
import { RemoveOutputs } from '../../src/tasks/remove-outputs.ts'
import { database, migrated } from '../fixtures/database.ts'
import { newJob } from '../fixtures/job.ts'
import { silent } from '../fixtures/silent-log.ts'

const db = await migrated(t, await database(t))
const store = new PostgresJobStore({ database: db })
const retention = new PostgresJobRetention({ database: db })
const signal = new AbortController().signal

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000)

async function printed(root: string, id: string, at = new Date()): Promise<string> {
  const files = outputFiles(root, id)
  await mkdir(files.directory, { recursive: true })
  await writeFile(files.output, 'it\n')
  for (const path of [files.output, files.directory]) await utimes(path, at, at)
  return files.directory
}

/** A job with its output that ended so many days ago; undefined for one that runs. */
async function job(root: string, id: string, node: string, ended?: number): Promise<string> {
  const { version } = await store.insert(newJob({ id, node }))
  const state = ended === undefined ? 'Running' : 'Finished'
  await store.update(id, version, {
    state,
    endedAt: ended === undefined ? null : daysAgo(ended),
  })
  return printed(root, id)
}

function task(root: string, node: string | null): RemoveOutputs {
  return new RemoveOutputs({
    node,
    retention,
    store,
    directories: new OutputDirectories({ root }),
    days: () => ({ output: 30, history: 365 }),
    log: silent,
  })
}

const inTable = async (t: Test, id: string) => {
  const row = await store.get(id)
  t.comment(`${id}: ${row?.state}`)
  return row
}

t.test('output and rows are removed when their time is over', async (t) => {
  const root = t.testdir()
  const runs = await job(root, 'aa-runs', 'n1')
  const recent = await job(root, 'bb-recent', 'n1', 29)
  const old = await job(root, 'cc-old', 'n1', 31)
  const others = await job(root, 'dd-others', 'n2', 31)
  const ancient = await job(root, 'ee-ancient', 'n1', 366)
  await Promise.all([task(root, 'n1').activate(signal), task(root, 'n1').activate(signal)])
  for (const kept of [runs, recent, others]) t.ok(existsSync(kept), `${kept} is kept`)
  for (const gone of [old, ancient]) t.notOk(existsSync(gone), `${gone} is removed`)
  t.ok((await inTable(t, 'cc-old'))?.outputRemovedAt, 'its row says so')
  t.equal((await inTable(t, 'bb-recent'))?.outputRemovedAt, null)
  t.equal(await inTable(t, 'ee-ancient'), undefined)

  await task(root, null).activate(signal)
  t.notOk(existsSync(others), 'of any node, where all see the same files')
})

t.test('files of jobs that are not known are removed after a day', async (t) => {
  const root = t.testdir({ '.n1.lock': '', odd: { file: '' } })
  const fresh = await printed(root, 'ff-fresh')
  const stale = await printed(root, 'gg-stale', daysAgo(2))
  await task(root, 'n1').activate(signal)
  t.ok(existsSync(fresh), 'as it may just be made')
  t.notOk(existsSync(stale))
  t.ok(existsSync(`${root}/odd/file`), 'what is not ours is left alone')
})
