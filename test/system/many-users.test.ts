import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Client, request } from 'undici'
import type { Job } from '../../src/launcher/job.ts'
import { makeAccount, isRoot, type TestAccount } from '../fixtures/accounts.ts'
import { jobCgroups } from '../fixtures/cgroups.ts'
import { startAnyUserLauncher, type AnyUserLauncher } from '../fixtures/any-user-launcher.ts'
import { until } from '../fixtures/until.ts'
import { isRunning, shortDirectory } from '../launcher/fixtures/launcher-fixture.ts'

const USERS = 10
const IDE = fileURLToPath(new URL('../fixtures/plain-ide/ide.mjs', import.meta.url))

t.test('50 sessions of 10 users live through every kill -9', { skip: !isRoot }, async (t) => {
  const outer = t
  const users: TestAccount[] = []
  for (let each = 0; each < USERS; each++) users.push(await makeAccount(t))
  const directory = shortDirectory(t)
  const sessions = new Sessions({ directory })
  let launcher = await startAnyUserLauncher(t, directory)

  // A first session of each user that goes on all the time, and a second that is told to end in the middle of the trouble.
  const first = await Promise.all(users.map((user) => sessions.start(launcher, user, 'first')))
  const ending = await Promise.all(users.map((user) => sessions.startEnding(launcher, user)))
  const running = [...first]

  for (const victims of ['launcher', 'plugin', 'launcher and plugin'] as const) {
    await t.test(`kill -9 of the ${victims} in the middle of 10 starts`, async (t) => {
      const plugin = await launcher.pluginPid()
      const starts = users.map((user) => sessions.start(launcher, user, victims))
      const outcomes = Promise.allSettled(starts)
      await Promise.race(starts)
      if (victims !== 'launcher') process.kill(plugin, 'SIGKILL')
      if (victims !== 'plugin') {
        await launcher.kill()
        // What ends now ends while nobody looks.
        if (victims === 'launcher') await endAll(sessions, ending)
        launcher = await startAnyUserLauncher(outer, directory)
      }
      const settled = await outcomes
      t.comment(`answered before: ${settled.filter(({ status }) => status === 'fulfilled').length}`)
      const again = users.map((user) => until(() => sessions.tryStart(launcher, user, victims)))
      const started = await Promise.all(again)
      for (const [index, { status, value }] of settled.map(valueOf).entries()) {
        if (status) t.equal(started[index]?.id, value?.id, 'a start that was answered is this one')
      }
      running.push(...started)
      await sessions.checkAll(t, launcher, running)
    })
  }

  await t.test('what ended while nobody looked has its exit code', async (t) => {
    const ended = await Promise.all(ending.map(({ id }) => launcher.client.get(id)))
    t.same(
      ended.map((job) => [job?.status, job?.exitCode]),
      users.map((_, index) => (index === 9 ? ['Finished', 137] : ['Finished', index + 1])),
    )
  })

  await t.test('and all of it ends without a trace', async (t) => {
    const jobs = await launcher.client.list([])
    t.equal(jobs.length, 5 * USERS)
    await Promise.all(running.map(({ id }) => launcher.client.control(id, 'stop')))
    const ended = await Promise.all(running.map(({ id }) => launcher.ended(id)))
    t.same([...new Set(ended.map(({ exitCode }) => exitCode))], [0])
    t.same(readdirSync(join(launcher.scratch, 'run')), [])
    t.same(jobCgroups(launcher.scratch), [])
    t.same(processesOf(users), [])
  })
})

/** Sessions of plain IDEs, each of which notes in a file that it was started. */
class Sessions {
  readonly #directory: string
  #codes = 0

  constructor({ directory }: { directory: string }) {
    this.#directory = join(directory, 'shared')
    mkdirSync(this.#directory)
    for (const folder of ['.', 'ended', 'starts']) {
      mkdirSync(join(this.#directory, folder), { recursive: true })
      chmodSync(join(this.#directory, folder), 0o777)
    }
    copyFileSync(IDE, join(this.#directory, 'ide.mjs'))
    chmodSync(join(this.#directory, 'ide.mjs'), 0o644)
  }

  start(launcher: AnyUserLauncher, user: TestAccount, name: string): Promise<Job> {
    return this.#start(launcher, user, name, `exec '${process.execPath}' ide.mjs`)
  }

  /** As `start`; undefined while the Launcher cannot. */
  tryStart(launcher: AnyUserLauncher, user: TestAccount, name: string): Promise<Job | undefined> {
    return this.start(launcher, user, name).catch(() => undefined)
  }

  /** A session of each user, in turn, that ends with a code of its own as soon as there is a file `go`. */
  startEnding(launcher: AnyUserLauncher, user: TestAccount): Promise<Job> {
    const code = ++this.#codes
    const how = code === USERS ? 'kill -KILL $$' : `exit ${code}`
    return this.#start(launcher, user, 'ending', `until [ -e go ]; do sleep 0.1; done; ${how}`)
  }

  /** Makes those of `startEnding` end. */
  end(): void {
    writeFileSync(join(this.#directory, 'go'), '')
  }

  /** Each of these sessions runs, once, as its user, and answers; each is the process that was started. */
  async checkAll(t: Test, launcher: AnyUserLauncher, expected: readonly Job[]): Promise<void> {
    const now = (await launcher.client.list(['ide'])).filter(({ status }) => status === 'Running')
    t.same(
      new Set(now.map(({ id, pid }) => `${id} ${pid}`)),
      new Set(expected.map(({ id, pid }) => `${id} ${pid}`)),
      `none of ${expected.length} is lost, none doubled, all adopted`,
    )
    t.equal(now.length, expected.length)
    for (const job of now) {
      const { socket } = await launcher.client.network(job.id)
      const told = await until(() => ask(socket ?? '').catch(() => undefined))
      const [start, ...more] = readFileSync(this.#note(job), 'utf8').trim().split('\n')
      t.same([start, more], [`${told.pid} ${job.user}`, []], 'started once, as its user')
    }
  }

  #start(
    launcher: AnyUserLauncher,
    user: TestAccount,
    name: string,
    command: string,
  ): Promise<Job> {
    const key = `${user.name}.${name.replaceAll(' ', '-')}`
    const tags = [name === 'ending' ? 'ending' : 'ide', `note:${key}`]
    const note = `echo "$$ $(id -un)" >> '${join(this.#directory, 'starts', key)}'`
    const script = `${note}; cd '${this.#directory}'; ${command}`
    const place = { workingDirectory: user.home, environment: {} }
    const job = { user: user.name, name, exe: '/bin/sh', args: ['-c', script], tags, ...place }
    return launcher.client.submit(job, key)
  }

  #note({ tags }: Job): string {
    const note = tags.find((tag) => tag.startsWith('note:')) ?? ''
    return join(this.#directory, 'starts', note.slice('note:'.length))
  }
}

async function ask(socketPath: string): Promise<{ pid: number }> {
  const client = new Client('http://ide', { socketPath })
  try {
    const { body } = await request('http://ide/api/told', { dispatcher: client })
    return (await body.json()) as { pid: number }
  } finally {
    await client.close()
  }
}

/** Ends the jobs and waits until even their leaders are gone. */
async function endAll(sessions: Sessions, jobs: readonly Job[]): Promise<void> {
  sessions.end()
  await until(() => jobs.every(({ pid }) => !isRunning(pid ?? 0)))
}

function valueOf(settled: PromiseSettledResult<Job>): { status: boolean; value?: Job } {
  return settled.status === 'fulfilled' ? { status: true, value: settled.value } : { status: false }
}

function processesOf(users: readonly TestAccount[]): string[] {
  const uids = new Set(users.map(({ uid }) => uid))
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? []
      return uids.has(Number(uid)) && isRunning(Number(name))
    } catch {
      return false
    }
  })
}
