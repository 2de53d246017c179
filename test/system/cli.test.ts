import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { signIn, type SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { TestCli } from '../fixtures/cli.ts'
import { database } from '../fixtures/database.ts'

interface Sessions {
  readonly items: readonly SessionAnswer[]
}

t.test('sessions from the command line, a backup, and the way back', async (t) => {
  const atelier = await startTestAtelier(t)
  const cli = new TestCli({ directory: atelier.directory })
  let id = ''

  await t.test('a session is started, listed and opened', async (t) => {
    const none = await cli.run('session', 'list')
    t.match(none, { code: 0, stdout: /You have no sessions/, stderr: '' })
    const start = ['session', 'start', 'jupyterlab', '--name', 'my thesis', '--wait']
    const session = await cli.json<SessionAnswer>(...start)
    t.match(session, { name: 'my thesis', ide: 'jupyterlab', state: 'Active' })
    id = session.id
    const { items } = await cli.json<Sessions>('session', 'list')
    t.match(items, [{ id, state: 'Active' }])
    const { stdout } = await cli.run('session', 'list')
    t.match(stdout, new RegExp(`^ID .*STATE.*\n${id}  my thesis  jupyterlab  Active  20`))

    const opened = await cli.run('session', 'open', 'my thesis')
    const link = new URL(opened.stdout.trim())
    t.equal(link.searchParams.get('next'), `/s/${id}/`)
    const user = await signIn(link.href)
    t.equal((await user.fetch(`/s/${id}/lab`)).status, 200)
    const { url } = await cli.json<{ url: string }>('sign-in')
    t.equal((await (await signIn(url)).ask('GET', '/api/v1/me')).status, 200)
  })

  await t.test('what cannot be done is one sentence, or a code, with exit code 1', async (t) => {
    const unknown = await cli.run('session', 'stop', 'nobody')
    t.match(unknown, { code: 1, stdout: '', stderr: /^atelier: There is no session nobody\..*\n$/ })
    const asJson = await cli.run('session', 'open', 'nobody', '--json')
    t.match(JSON.parse(asJson.stderr), { error: { code: 'SESSION_NOT_FOUND' } })
    const bad = await cli.run('session', 'start', 'vscode', '--name', 'x'.repeat(101), '--json')
    t.match(JSON.parse(bad.stderr), { error: { code: 'BAD_REQUEST' } }, "the API's own words")
    const elsewhere = new TestCli({ directory: `${atelier.directory}/none` })
    t.match(await elsewhere.run('session', 'list'), { code: 1, stderr: /No Atelier has run on/ })
  })

  const backups = await dataDirectory(t)
  const file = join(backups, 'while-running.gz')
  let saved = 0

  await t.test('a backup is made while it runs, for its owner only', async (t) => {
    const report = await cli.json<{ file: string; rows: number; bytes: number }>('backup', file)
    const { mode, size } = statSync(file)
    t.match(report, { file, bytes: size })
    t.ok(report.rows >= 2, 'the session, and the cluster')
    saved = report.rows
    t.equal(mode & 0o777, 0o600)
    t.match(await cli.run('backup', file), { code: 1, stderr: /is there already; name a new file/ })
    t.match(await cli.run('restore', file, '--replace'), {
      code: 1,
      stderr: /already runs on this/,
    })
  })

  await t.test('a session is stopped, and then removed', async (t) => {
    const stopping = await cli.run('session', 'stop', id)
    t.match(stopping, { code: 0, stdout: `${id}  Stopping\n` })
    const user = await signIn((await cli.run('sign-in')).stdout.trim())
    await user.untilState(id, 'Stopped')
    t.match(await cli.run('session', 'stop', id), { code: 0, stdout: `${id}  removed\n` })
    t.strictSame((await cli.json<Sessions>('session', 'list')).items, [])
  })

  await t.test('stopped, it is put back to the backup, key and all', async (t) => {
    t.equal(await atelier.stop(), 0)
    t.match(await cli.run('session', 'list'), { code: 1, stderr: /Atelier does not run on/ })
    t.match(await cli.run('restore', file), { code: 1, stderr: /is in use already; --replace/ })
    const { rows } = await cli.json<{ rows: number }>('restore', file, '--replace')
    t.equal(rows, saved)
    await atelier.restart()
    const { items } = await cli.json<Sessions>('session', 'list')
    t.match(items, [{ id, name: 'my thesis' }])
    t.equal(await atelier.stop(), 0)
  })

  await t.test('another server takes the backup over, with the key of the first', async (t) => {
    const report = await cli.json<{ file: string }>('backup', backups)
    const directory = join(await dataDirectory(t), 'second')
    const second = new TestCli({ directory })
    t.match(await second.run('backup', backups), { code: 1, stderr: /there is nothing to back up/ })
    t.equal((await second.run('restore', report.file)).code, 0)
    const key = (where: string) => readFile(join(where, 'cluster.key'), 'utf8')
    t.equal(await key(directory), await key(atelier.directory))
    t.equal(statSync(join(directory, 'cluster.key')).mode & 0o777, 0o600)
    const copy = await startTestAtelier(t, [], { directory })
    const user = await signIn(copy.signInLink)
    t.match(await user.session(id), { name: 'my thesis' })
  })
})

t.test('a database of your own is not backed up, but it is said how', async (t) => {
  const { url } = await database(t)
  const directory = await dataDirectory(t)
  const cli = new TestCli({ directory })
  for (const command of ['backup', 'restore']) {
    const { code, stderr } = await cli.run(
      command,
      join(directory, 'x'),
      '--set',
      `database.url=${url}`,
    )
    t.equal(code, 1)
    t.match(stderr, /pg_dump --schema=atelier.*cluster\.key/)
    t.notMatch(stderr, url, 'without the password')
  }
})

t.test('which IDEs there are is told without a running Atelier', async (t) => {
  const directory = await dataDirectory(t)
  const cli = new TestCli({ directory })
  const { items } = await cli.json<{ items: readonly { name: string }[] }>('ide', 'list')
  t.match(
    items.map(({ name }) => name),
    ['jupyterlab', 'jupyter-notebook', 'vscode', 'rstudio'],
  )
  t.match(await cli.run('ide', 'list'), { code: 0, stdout: /^IDE .*STATE.*\njupyterlab / })
})
