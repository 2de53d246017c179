import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { Job } from '../../src/launcher/job.ts'
import {
  isRunning,
  shortDirectory,
  spawnLauncher,
  startLauncher,
  until,
  type Fixture,
} from './fixtures/launcher-fixture.ts'

const SLEEP = 'sleep 1000 & wait'

/** How many lines the file has. */
function count(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}

/** Kills the plugin and waits until the next one answers. */
async function killPlugin(launcher: Fixture): Promise<void> {
  const pid = launcher.pluginPid()
  kill(pid, 'SIGKILL')
  await until(async () => {
    const answered = await launcher.client.list([]).catch(() => undefined)
    return answered !== undefined && launcher.pluginPid() !== pid ? true : undefined
  })
}

t.test('jobs survive kill -9 of the plugin', async (t) => {
  const launcher = await startLauncher(t)
  const { client } = launcher
  const told: Job[] = []
  const abort = new AbortController()
  const watching = (async () => {
    for await (const job of client.watch(abort.signal)) told.push(job)
  })()
  const job = await launcher.run(SLEEP, 'kept')
  const ends = await launcher.run(
    'until [ -e "$0/go" ]; do sleep 0.05; done; exit 42'.replace('$0', launcher.scratch),
  )

  kill(launcher.pluginPid(), 'SIGKILL')
  writeFileSync(join(launcher.scratch, 'go'), '')
  await until(() => !isRunning(ends.pid ?? 0) || undefined)

  const after = await until(() => client.get(job.id).catch(() => undefined))
  t.same([after.status, after.pid], ['Running', job.pid], 'it is the same process')
  t.ok(isRunning(job.pid ?? 0))
  t.match(await launcher.ended(ends.id), { status: 'Finished', exitCode: 42 }, 'the end is known')
  t.equal((await launcher.run(SLEEP, 'kept')).id, job.id, 'its key still finds it')
  await until(() => told.some(({ id, exitCode }) => id === ends.id && exitCode === 42) || undefined)

  const later = await launcher.run('exit 5')
  await until(() => told.some(({ id, exitCode }) => id === later.id && exitCode === 5) || undefined)
  t.pass('a watcher is told of changes before and after')
  abort.abort()
  await watching

  await client.control(job.id, 'kill')
  t.match(await launcher.ended(job.id), { status: 'Killed', exitCode: 137 })
  await killPlugin(launcher)
  t.match(await client.get(job.id), { status: 'Killed', exitCode: 137 }, 'an end is kept')
})

t.test('a follower of output that the restart of the plugin cuts off is told so', async (t) => {
  const launcher = await startLauncher(t)
  const job = await launcher.run(`echo begin; ${SLEEP}`)
  const pieces = launcher.client.output(job.id, new AbortController().signal)
  await t.rejects(
    async () => {
      for await (const { output } of pieces) {
        if (output === 'begin\n') kill(launcher.pluginPid(), 'SIGKILL')
      }
    },
    { code: 'LAUNCHER_UNAVAILABLE' },
  )
})

t.test('a submission that the end of the plugin cuts off starts one job', async (t) => {
  const launcher = await startLauncher(t)
  const place = shortDirectory(t)
  chmodSync(place, 0o777)
  const mark = join(place, 'starts')
  const script = `echo start >> ${mark}; ${SLEEP}`
  for (let round = 0; round < 4; round++) {
    const key = `cut-${round}`
    const first = launcher.run(script, key).catch(() => undefined)
    await delay(round * 15)
    kill(launcher.pluginPid(), 'SIGKILL')
    await first
    const job = await until(() => launcher.run(script, key).catch(() => undefined))
    t.match(job, { status: 'Running' }, job.statusMessage)
    t.equal((await launcher.client.list([`key:${key}`])).length, 1)
    await until(() => count(mark) > round || undefined)
    t.equal(count(mark), round + 1)
  }
})

t.test('jobs survive kill -9 of the Launcher, and the next one adopts them', async (t) => {
  const directory = shortDirectory(t)
  const first = await spawnLauncher(t, directory)
  const job = await first.run(SLEEP, 'over')
  const plugin = first.pluginPid()
  await first.kill()
  await t.rejects(first.client.list([]), { code: 'LAUNCHER_UNAVAILABLE' })
  await until(() => !isRunning(plugin) || undefined)
  t.ok(isRunning(job.pid ?? 0), 'the job runs on, the plugin does not')

  const second = await spawnLauncher(t, directory)
  t.match(await second.client.get(job.id), { status: 'Running', pid: job.pid })
  t.equal((await second.run(SLEEP, 'over')).id, job.id)
  await second.client.control(job.id, 'stop')
  t.match(await second.ended(job.id), { status: 'Finished', exitCode: 143 })
  t.notOk(isRunning(job.pid ?? 0))
  t.same(readdirSync(join(second.scratch, 'run')), [], 'no directory is left behind')
  const record = readFileSync(join(second.scratch, job.id, 'job.json'), 'utf8')
  t.match(JSON.parse(record), { status: 'Finished' })
})
