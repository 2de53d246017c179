import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { signIn, type ApiUser, type SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, jobProcesses, startTestAtelier } from '../fixtures/atelier.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

const limits = (idle: number, stop: number, age = 0) =>
  `[sessions]\nidle_after_seconds = ${idle}\nstop_idle_after_seconds = ${stop}\nmaximum_age_seconds = ${age}\n`

t.test('sessions end by one policy', async (t) => {
  const directory = await dataDirectory(t)
  const configFile = join(directory, 'atelier.toml')
  await mkdir(directory, { recursive: true })
  await writeFile(configFile, limits(2, 8))
  const atelier = await startTestAtelier(t, ['sessions.keep_at_most_seconds=3700'], { configFile })
  const user = await signIn(atelier.signInLink)
  const configure = async (text: string) => {
    await writeFile(configFile, text)
    const before = atelier.output().length
    atelier.hangUp()
    await until(() => atelier.output().slice(before).includes('read again; changed'))
  }

  await t.test(
    'a polling tab keeps none alive, a computing kernel and a terminal do',
    async (t) => {
      const [computing, waiting, polled] = await Promise.all([
        user.start('jupyterlab', 'Active', { name: 'computing' }),
        user.start('jupyterlab', 'Active', { name: 'terminal' }),
        user.start('jupyterlab', 'Active', { name: 'polled' }),
      ])
      await (await startKernel(user, computing.url)).send('import time; time.sleep(1000)')
      const terminal = await openTerminal(user, waiting)
      terminal.send(JSON.stringify(['stdin', 'sleep 2718\r']))
      await until(async () => (await sleeping(atelier.directory)).length === 1)
      terminal.close()

      const polling = setInterval(() => {
        for (const path of ['api/kernels', 'api/terminals', 'api/contents?content=1']) {
          void user.fetch(polled.url + path).catch(() => undefined)
        }
      }, 1000)
      t.teardown(() => clearInterval(polling))
      const stopped = await user.untilState(polled.id, 'Stopped')
      clearInterval(polling)
      t.equal(stopped.reason, 'Stopped after 8 seconds without use.')
      t.equal((await user.session(computing.id)).state, 'Active')
      t.equal((await user.session(waiting.id)).state, 'Active')

      for (const pid of await sleeping(atelier.directory)) process.kill(pid)
      await user.untilState(waiting.id, 'Idle')
      const idle = await user.session(waiting.id)
      t.match(idle, { stopsFor: 'idle', keepUntil: null })
      t.match(await user.untilState(waiting.id, 'Stopped'), {
        reason: 'Stopped after 8 seconds without use.',
      })
      const now = await user.session(computing.id)
      t.match(now, { state: 'Active', stopsAt: null, stopsFor: null }, 'it still computes')
      t.match(await log(atelier.directory), 'session reached a limit')
    },
  )

  await t.test('one that its owner keeps is stopped for nothing, until he does not', async (t) => {
    const [kept, other] = await Promise.all([user.start('jupyterlab'), user.start('jupyterlab')])
    const keep = (until: unknown) =>
      user.ask<SessionAnswer & ErrorAnswer>('PUT', `/api/v1/sessions/${kept.id}/keep`, { until })
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
    t.match(await keep(inAnHour), { status: 200, body: { keepUntil: inAnHour } })
    for (const [wrong, message] of [
      ['tomorrow', /until: must be a time such as/],
      ['2020-01-01T00:00:00Z', /until: must be a time that is still ahead/],
      ['2999-01-01T00:00:00Z', /until: a session can be kept until .* at most/],
      [new Date(Date.now() + 3_800_000).toISOString(), /at most/],
      [undefined, /until/],
    ] as const) {
      const { status, body } = await keep(wrong)
      t.match([status, body.error.message], [400, message])
    }
    await user.untilState(other.id, 'Stopped')
    t.equal((await user.session(kept.id)).state, 'Idle')
    t.equal((await user.session(kept.id)).stopsAt, inAnHour)
    t.match(await keep(null), { status: 200, body: { keepUntil: null } })
    await user.untilState(kept.id, 'Stopped')
    t.match(await keep(inAnHour), { status: 410, body: { error: { code: 'SESSION_ENDED' } } })
    const nobodys = await user.ask('PUT', '/api/v1/sessions/abc/keep', { until: null })
    t.equal(nobodys.status, 404)
  })

  await t.test('a killed node neither resets nor shortens the time, SIGHUP does', async (t) => {
    await configure(limits(2, 2000))
    const session = await user.start('jupyterlab', 'Idle')
    // What its start has cost counts as computing for whoever measures it for the first time, as the next node does.
    const before = await until(async () => {
      const now = await user.session(session.id)
      return now.cpuPercent !== null && now.cpuPercent < 5 && now.stopsAt
    })
    await atelier.kill('node')
    const after = await until(async () => {
      const now = await user.session(session.id).catch(() => undefined)
      return now?.stopsAt
    })
    // What was seen within the last half minute is not written yet.
    const change = Date.parse(after) - Date.parse(before)
    t.ok(change <= 0 && change > -31_000, `${change} ms`)
    t.equal((await user.session(session.id)).state, 'Idle')
    await configure(limits(2, 9))
    t.match(await user.untilState(session.id, 'Stopped'), {
      reason: 'Stopped after 9 seconds without use.',
    })
  })

  await t.test('only the maximum age ends one that computes', async (t) => {
    const computing = (await sessions(user)).find(({ name }) => name === 'computing')
    t.equal(computing?.state, 'Active')
    await configure(limits(2, 8, 30))
    const told = await until(async () => {
      const now = await user.session(computing?.id ?? '')
      return now.stopsFor !== null && now
    })
    t.equal(told.stopsFor, 'age', 'with a countdown before')
    t.ok(Date.parse(told.stopsAt ?? '') > Date.now(), 'which has not ended yet')
    t.match(await user.untilState(told.id, 'Stopped'), {
      reason: 'Stopped at its maximum age of 30 seconds.',
    })
  })
})

async function openTerminal(user: ApiUser, { url }: SessionAnswer): Promise<WebSocket> {
  const { body } = await user.ask<{ name: string }>('POST', `${url}api/terminals`)
  const address = `${user.address.replace('http', 'ws')}${url}terminals/websocket/${body.name}`
  const socket = new WebSocket(address, { headers: { cookie: user.cookie, origin: user.address } })
  await new Promise((resolve, reject) => {
    // Its first message is the shell's prompt.
    socket.once('message', resolve)
    socket.once('error', reject)
  })
  return socket
}

async function sleeping(directory: string): Promise<readonly number[]> {
  const found: number[] = []
  for (const pid of await jobProcesses(directory)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command === 'sleep\u00002718\u0000') found.push(pid)
  }
  return found
}

async function sessions(user: ApiUser): Promise<readonly SessionAnswer[]> {
  return (await user.ask<{ items: SessionAnswer[] }>('GET', '/api/v1/sessions')).body.items
}

async function log(directory: string): Promise<string> {
  return readFile(join(directory, 'log', 'node.log'), 'utf8')
}
