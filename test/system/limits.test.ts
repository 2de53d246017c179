import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { groupsOf } from '../../src/accounts.ts'
import { signIn, type ApiUser, type SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, jobProcesses, startTestAtelier } from '../fixtures/atelier.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

const MIB = 2 ** 20
const PROFILES =
  '[sessions]\nidle_after_seconds = 2\n[profiles.large]\ncpus = 8\n[profiles.small]\ncpus = 0.5\n'

t.test('users have what the limits allow, which change by SIGHUP', async (t) => {
  const directory = await dataDirectory(t)
  const configFile = join(directory, 'atelier.toml')
  await writeFile(configFile, PROFILES)
  const atelier = await startTestAtelier(t, [], { configFile })
  const user = await signIn(atelier.signInLink)
  const me = (await user.ask<{ user: string }>('GET', '/api/v1/me')).body.user
  const [group = ''] = await groupsOf(me)
  const configure = async (limits: string) => {
    const before = atelier.output().length
    await writeFile(configFile, PROFILES + limits)
    atelier.hangUp()
    await until(() => atelier.output().slice(before).includes('read again; changed: limits'))
  }
  const limits = async () => (await user.ask<{ sessions: object }>('GET', '/api/v1/limits')).body
  /** The node hears of it after `atelier start`. */
  const untilLimits = async (wanted: (now: { sessions: object }) => boolean) =>
    until(async () => wanted(await limits()))

  t.match(await limits(), {
    sessions: { used: 0, most: null },
    memoryBytes: null,
    ides: null,
    stopIdleAfterSeconds: 28_800,
  })

  await t.test('of everybody, a group and a user; in the session and its processes', async (t) => {
    await configure(
      [
        '[limits."*"]\nsessions = 1\ncpus = 1\nmemory_mib = 600\nopen_files = 999\nides = ["vscode"]',
        `[limits."@${group}"]\nides = ["jupyterlab", "rstudio"]\nprocesses = 300\nsessions = 9`,
        `[limits.${me}]\nprofiles = ["small", "large"]\nsessions = 2\nnice = 3`,
      ].join('\n'),
    )
    await untilLimits(({ sessions }) => 'most' in sessions && sessions.most === 2)
    t.match(await limits(), {
      sessions: { used: 0, most: 2 },
      cpus: 1,
      memoryBytes: 600 * MIB,
      processes: 300,
      openFiles: 999,
      nice: 3,
      ides: ['jupyterlab', 'rstudio'],
    })
    const { body } = await user.ask<{ items: object[] }>('GET', '/api/v1/profiles')
    t.match(body.items, [
      { name: 'small', cpus: 0.5, memoryBytes: 600 * MIB },
      { name: 'large', cpus: 1, memoryBytes: 600 * MIB },
    ])
    const refused = await user.ask<ErrorAnswer>('POST', '/api/v1/sessions', { ide: 'vscode' })
    t.match(refused, { status: 403, body: { error: { code: 'IDE_NOT_ALLOWED' } } })
    t.match(refused.body.error.message, /You may start: jupyterlab, rstudio/)

    const session = await user.start('jupyterlab', 'Active', { profile: 'large' })
    t.match(session, { profile: 'large', limits: { cpus: 1, memoryBytes: 600 * MIB } })
    const read = (pid: number, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8')
    const pid = await jupyterOf(atelier.directory)
    t.match(await read(pid, 'limits'), /Max open files +999 +999 /)
    t.equal((await read(pid, 'stat')).split(') ')[1]?.split(' ')[16], '3', 'nice')
    const measured = await until(async () => {
      const now = await user.session(session.id)
      return now.memoryBytes !== null && now
    })
    t.ok(Number(measured.memoryBytes) > 10 * MIB && Number(measured.memoryBytes) < 600 * MIB)
  })

  await t.test('no more sessions at a time, and told why', async (t) => {
    const start = () =>
      user.ask<SessionAnswer & ErrorAnswer>('POST', '/api/v1/sessions', { ide: 'jupyterlab' })
    const answers = await Promise.all(Array.from({ length: 5 }, start))
    const started = answers.filter(({ status }) => status === 201)
    t.equal(started.length, 1)
    for (const { status, body } of answers.filter((each) => each.status !== 201)) {
      t.match([status, body.error.code], [409, 'LIMIT_REACHED'])
      t.equal(body.error.message, 'You have 2 of 2 sessions; stop one first.')
    }
    t.match(await limits(), { sessions: { used: 2, most: 2 } })
    const id = started[0]?.body.id ?? ''
    await user.untilState(id, 'Active')
    await user.ask('DELETE', `/api/v1/sessions/${id}`)
    await user.untilState(id, 'Stopped')
    t.match(await limits(), { sessions: { used: 1, most: 2 } })
  })

  await t.test('a session that reaches its limit of processes says so', async (t) => {
    const [session] = (await sessionsOf(user)).filter(({ state }) => /Active|Idle/.test(state))
    if (session === undefined) return t.fail('there is one')
    const kernel = await startKernel(user, session.url)
    await kernel.send(
      'import subprocess\nall = [subprocess.Popen(["sleep", "1000"]) for each in range(400)]',
    )
    const told = await until(async () => {
      const now = await user.session(session.id)
      return now.reason !== null && now
    })
    t.match(told, { state: /Active|Idle/, reason: /limit of 300 processes and threads/ })
    await user.ask('DELETE', `/api/v1/sessions/${session.id}?force=true`)
    await user.untilState(session.id, 'Stopped')
  })

  await t.test('sessions that run are stopped by the times of their user', async (t) => {
    const idle = await user.start('jupyterlab')
    await configure(
      `[limits."*"]\nstop_idle_after_seconds = 1\n[limits.${me}]\nstop_idle_after_seconds = 7\n`,
    )
    const { reason } = await user.untilState(idle.id, 'Stopped')
    t.equal(reason, 'Stopped after 7 seconds without use.')
    await configure(`[limits."@${group}"]\nstop_idle_after_seconds = 0\nmaximum_age_seconds = 20\n`)
    const last = await user.start('jupyterlab')
    t.match(await user.untilState(last.id, 'Stopped'), {
      reason: 'Stopped at its maximum age of 20 seconds.',
    })
  })
})

async function sessionsOf(user: ApiUser): Promise<readonly SessionAnswer[]> {
  const { body } = await user.ask<{ items: SessionAnswer[] }>('GET', '/api/v1/sessions')
  return body.items
}

/** The process of the only session below this data directory. */
async function jupyterOf(directory: string): Promise<number> {
  for (const pid of await jobProcesses(directory)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (/^[^\0]*python[^\0]*\0[^\0]*jupyter/.test(command)) return pid
  }
  throw new Error('no process of it is found')
}
