import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openServerLog, serverLogEnd, trimServerLog } from '../../src/postgres/server-log.ts'

t.test('a log that has grown too long is set aside while the server goes on writing', async (t) => {
  const file = join(t.testdir(), 'postgres.log')
  const log = await openServerLog(file, undefined)
  await log.write('x'.repeat(100))
  await trimServerLog(file, 100)
  t.equal((await readFile(file)).length, 100, 'at the limit it is left alone')
  await log.write('y')
  await trimServerLog(file, 100)
  await log.write('after')
  await log.close()
  t.equal(await readFile(file, 'utf8'), 'after')
  t.equal((await readFile(`${file}.1`)).length, 101)
  t.equal(await serverLogEnd(file, 2), 'ter')
  t.equal(await serverLogEnd(file, 200), '', 'shortened in the meantime')
})
