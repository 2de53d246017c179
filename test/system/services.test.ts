import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePorts } from '../../src/start/free-ports.ts'
import { signIn } from '../fixtures/api.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { TestCli } from '../fixtures/cli.ts'
import { database } from '../fixtures/database.ts'
import { until } from '../fixtures/until.ts'

const script = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

t.test('commands find a node that runs as a service, by its configuration', async (t) => {
  const { url } = await database(t)
  const directory = await dataDirectory(t)
  const [port = 0] = await freePorts('127.0.0.1', 1, 0)
  const settings = [`database.url=${url}`, `server.port=${port}`, 'launcher.user=nobody']
  const options = settings.flatMap((setting) => ['--set', setting])
  const own = ['--set', `data.directory="${directory}"`]
  const node = spawn(process.execPath, [script, 'node', ...options, ...own], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: homedir() },
  })
  t.teardown(() => void node.kill('SIGKILL'))
  const cli = new TestCli({ directory })
  const me = async (...args: string[]) => {
    const { url: link } = await cli.json<{ url: string }>('sign-in', ...args, ...options)
    t.ok(link.startsWith(`http://127.0.0.1:${port}/sign-in#`))
    return (await (await signIn(link)).ask<{ user: string }>('GET', '/api/v1/me')).body
  }
  const isUp = () => fetch(`http://127.0.0.1:${port}/health`).then(({ ok }) => ok)
  await until(() => isUp().catch(() => false))

  t.strictSame(await cli.json('session', 'list', ...options), { items: [] })
  t.strictSame(await cli.json('token', 'list', ...options), { items: [] })
  t.match(await me(), { user: 'nobody' })
  t.match(await me('--user', 'root'), { user: 'root' })

  node.kill('SIGKILL')
  await until(() =>
    isUp()
      .then(() => false)
      .catch(() => true),
  )
  t.match(await cli.run('session', 'list', ...options), {
    code: 1,
    stderr: new RegExp(`Atelier does not answer at http://127.0.0.1:${port};`),
  })
})
