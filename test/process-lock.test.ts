import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ProcessLock } from '../src/process-lock.ts'

const refusal = (holder: number) => `process ${holder} was first`

t.test('one of many takes over the lock of a dead process', async (t) => {
  const directory = t.testdir()
  const file = join(directory, 'lock')
  // This pid lives, but the process that wrote the lock started at another time.
  await writeFile(file, `${process.pid} 1\n`)
  const locks = Array.from({ length: 20 }, () => new ProcessLock({ file, refusal }))
  const results = await Promise.allSettled(locks.map((lock) => lock.acquire()))
  const winners = locks.filter((_lock, index) => results[index]?.status === 'fulfilled')
  t.equal(winners.length, 1)
  const loser = results.find(({ status }) => status === 'rejected')
  t.match(loser, { reason: new Error(`process ${process.pid} was first`) })
  t.match(await readFile(file, 'utf8'), new RegExp(`^${process.pid} \\d{2,}\\n$`))
  t.same(await readdir(directory), ['lock'], 'nothing else is left')
  await Promise.all(locks.map((lock) => lock.release()))
  t.same(await readdir(directory), [], 'only the holder has released it, and it is free')
  await t.resolves(new ProcessLock({ file, refusal }).acquire())
})
