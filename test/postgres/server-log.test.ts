import { chmod, link, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { keptPassword } from '../../src/postgres/initdb.ts'
import { prepareDirectory } from '../../src/postgres/server-directory.ts'
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

t.test('a link or a second name in place of a file leads root nowhere', async (t) => {
  const directory = t.testdir({ secret: 'secret', root: {}, foreign: {} })
  const secret = join(directory, 'secret')
  const put = [
    (file: string) => symlink(secret, file),
    (file: string) => link(secret, file),
    (file: string) => symlink(join(directory, 'missing'), file),
  ]
  for (const [index, each] of put.entries()) {
    const file = join(directory, `file-${index}`)
    await each(file)
    await t.rejects(openServerLog(file, undefined))
    await t.rejects(trimServerLog(file, 1))
    await t.rejects(serverLogEnd(file, 0))
    await t.rejects(keptPassword(file, undefined))
  }
  t.notOk((await readdir(directory)).includes('missing'))
  t.equal(await readFile(secret, 'utf8'), 'secret')

  const log = join(directory, 'postgres.log')
  await writeFile(log, 'long')
  await symlink(secret, `${log}.1`)
  await trimServerLog(log, 1)
  t.equal(await readFile(`${log}.1`, 'utf8'), 'long')
  t.equal(await readFile(secret, 'utf8'), 'secret')

  const foreign = join(directory, 'foreign')
  await chmod(foreign, 0o755)
  await symlink(foreign, join(directory, 'root', 'socket'))
  await t.rejects(prepareDirectory(join(directory, 'root'), undefined))
  t.equal((await stat(foreign)).mode & 0o777, 0o755)
})
