import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { signIn } from '../fixtures/api.ts'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { misbehavingIde } from '../fixtures/misbehaving-ide.ts'
import { until } from '../fixtures/until.ts'

t.test('SIGHUP changes a running Atelier without a restart', async (t) => {
  const directory = await dataDirectory(t)
  const configFile = join(directory, 'atelier.toml')
  const ides = join(directory, 'ides')
  await (await misbehavingIde(ides)).change('exec sleep 1000')
  const configure = (text: string) =>
    writeFile(configFile, `[ides]\ndirectory = "${ides}"\n${text}`)
  await configure('')
  const settings = [
    `ides.directory="${ides}"`,
    'ides.install=false',
    'sessions.stop_timeout_seconds=1',
  ]
  const atelier = await startTestAtelier(t, settings, { configFile })
  const user = await signIn(atelier.signInLink)
  const log = (name: string) => readFile(join(atelier.directory, 'log', `${name}.log`), 'utf8')
  const node = await atelier.pid('node')
  const launcher = await atelier.pid('launcher')

  await t.test('limits of sessions are in force at once, in node and Launcher', async (t) => {
    const waiting = await user.start('jupyterlab', 'Starting')
    await configure('[sessions]\nstart_timeout_seconds = 1\n[node]\nname = "other"\n')
    atelier.hangUp()
    const failed = await user.untilState(waiting.id, 'Failed')
    t.equal(failed.reason, 'It did not answer within 1 seconds.')
    t.match(atelier.output(), /read again; changed: sessions\.start_timeout_seconds\n/)
    t.match(atelier.output(), /in force only after a restart: node\.name\n/)
    await until(async () => (await log('launcher')).includes('The configuration was read again'))
    t.match(await log('node'), /"about":\["sessions\.start_timeout_seconds"\]/)
  })

  await t.test('a wrong file is told, and the last good one stays in force', async (t) => {
    await configure('[sessions]\nstart_timeout_seconds = "long"\n')
    atelier.hangUp()
    await until(() => atelier.output().includes('the last good one stays in force'))
    t.match(
      atelier.output(),
      `${configFile}, line 4: sessions.start_timeout_seconds: is "long"; it must be a number`,
    )
    await user.start('jupyterlab', 'Failed')
  })

  await t.test('so is the level of the logs', async (t) => {
    t.match(await log('node'), /session changed its state/)
    await configure('[sessions]\nstart_timeout_seconds = 1\n[log]\nlevel = "error"\n')
    atelier.hangUp()
    await until(() => atelier.output().includes('changed: log.level'))
    const before = await log('node')
    // The node has taken the news when it has done something that came after them.
    await user.start('jupyterlab', 'Failed')
    t.equal(await log('node'), before, 'nothing that is only information')
  })

  await t.test('a process that is started later has it from the beginning', async (t) => {
    t.equal(await atelier.pid('node'), node, 'no restart until now')
    t.equal(await atelier.pid('launcher'), launcher)
    await atelier.kill('node')
    const failed = await user.start('jupyterlab', 'Failed')
    t.equal(failed.reason, 'It did not answer within 1 seconds.')
  })
})

t.test('SIGHUP of a terminal that is closed ends it in order instead', async (t) => {
  const directory = await dataDirectory(t)
  const script = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))
  const settings = [`data.directory=${directory}`, 'server.port=0', 'ides.install=false']
  const words = [process.execPath, script, 'start', ...settings.flatMap((each) => ['--set', each])]
  const terminal = spawn('script', ['-qefc', `echo pid=$$=; exec ${words.join(' ')}`, '/dev/null'])
  let output = ''
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const start = Number(await until(() => /pid=(\d+)=/.exec(output)?.[1]))
  t.teardown(() => existsSync(`/proc/${start}`) && process.kill(start))
  await until(() => output.includes('Atelier is ready'))
  const postmaster = join(directory, 'postgres/data/postmaster.pid')
  t.ok(existsSync(postmaster))
  process.kill(start, 'SIGHUP')
  await until(() => output.includes('The configuration was read again'))

  terminal.kill('SIGKILL')
  await until(() => !existsSync(`/proc/${start}`))
  t.notOk(existsSync(postmaster), 'also the database was stopped')
})
