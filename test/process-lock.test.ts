import { spawn, spawnSync } from 'node:child_process'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ProcessLock } from '../src/process-lock.ts'
import { until } from './fixtures/until.ts'

const refusal = (holder: string) => `process ${holder} was first`

t.test('one of many gets the lock, and the others are told who has it', async (t) => {
  const file = join(t.testdir(), 'lock')
  const locks = Array.from({ length: 8 }, () => new ProcessLock({ file, refusal }))
  const results = await Promise.allSettled(locks.map((lock) => lock.acquire()))
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  const loser = results.find(({ status }) => status === 'rejected')
  t.match(loser, { reason: new Error(`process ${process.pid} was first`) })
  await Promise.all(locks.map((lock) => lock.release()))
  const next = new ProcessLock({ file, refusal })
  await next.acquire()
  await next.release()
})

t.test('the lock of a process that was killed is free', async (t) => {
  const file = join(t.testdir(), 'lock')
  const holder = spawn('flock', ['--no-fork', file, 'sleep', '1000'])
  const isFree = () => spawnSync('flock', ['-n', file, 'true']).status === 0
  await until(() => !isFree())
  holder.kill('SIGKILL')
  const lock = new ProcessLock({ file, refusal })
  await lock.acquire()
  await lock.release()
})

t.test('a link in place of the file is not followed', async (t) => {
  const directory = t.testdir({ foreign: 'foreign' })
  const file = join(directory, 'lock')
  await symlink(join(directory, 'foreign'), file)
  await t.rejects(new ProcessLock({ file, refusal }).acquire(), { code: 'ELOOP' })
  t.equal(await readFile(join(directory, 'foreign'), 'utf8'), 'foreign')
})
