import { readFile } from 'node:fs/promises'
import t from 'tap'
import { signIn, type ApiUser, type SessionAnswer } from '../fixtures/api.ts'
import { jobProcesses, startTestAtelier, type ProcessName } from '../fixtures/atelier.ts'
import { openKernel, startKernel, type Kernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

/** Goes on counting until it is told to finish, so that whatever is killed is killed while the kernel computes. */
const COMPUTE = `
import os, time
count = 0
while not os.path.exists('finish-' + tag):
    time.sleep(0.02)
    count += 1
result = 6 * 7
`

t.test(
  'sessions survive the kill -9 of every process of ours while a kernel computes',
  async (t) => {
    const atelier = await startTestAtelier(t)
    const user = await signIn(atelier.signInLink)
    const session = await user.start('jupyterlab')
    const kernel = await startKernel(user, session.url)
    const pid = await kernel.run('import os; print(os.getpid())')

    for (const name of ['node', 'launcher', 'plugin', 'postgres'] as const) {
      await t.test(`kill -9 of the ${name}`, async (t) => {
        await compute(kernel, name)
        await atelier.kill(name)
        await untilServing(user, session)
        t.equal(await finish(user, session, kernel, name), '42\n')
        t.equal(await kernel.run('print(os.getpid())'), pid, 'in the same kernel')
        await untilReady(user)
      })
    }

    await t.test('kill -9 of atelier start itself, and a new start', async (t) => {
      await compute(kernel, 'start')
      await atelier.killStart()
      await atelier.restart()
      const again = await signIn(atelier.signInLink)
      const found = await again.untilState(session.id, 'Active')
      t.equal(found.id, session.id)
      const same = openKernel(again, session.url, kernel.id)
      t.equal(await finish(again, session, same, 'start'), '42\n')
      t.equal(await same.run('print(os.getpid())'), pid, 'in the same kernel')
    })

    await t.test('an orderly stop and a new start', async (t) => {
      t.equal(await atelier.stop(), 0)
      t.match(atelier.output(), /Sessions keep running/)
      await atelier.restart()
      const again = await signIn(atelier.signInLink)
      await again.untilState(session.id, 'Active')
      const same = openKernel(again, session.url, kernel.id)
      t.equal(await same.run('print(os.getpid())'), pid)
      t.equal(await serversOf(atelier.directory), 1, 'the session runs once')

      await again.ask('DELETE', `/api/v1/sessions/${session.id}`)
      await again.untilState(session.id, 'Stopped')
      await until(async () => (await jobProcesses(atelier.directory)).length === 0)
    })
  },
)

t.test('all of them killed at once', async (t) => {
  const atelier = await startTestAtelier(t)
  const user = await signIn(atelier.signInLink)
  const session = await user.start('jupyterlab')
  const kernel = await startKernel(user, session.url)
  await compute(kernel, 'all')
  const names: ProcessName[] = ['plugin', 'launcher', 'node', 'postgres']
  for (const pid of await Promise.all(names.map((name) => atelier.pid(name)))) {
    process.kill(pid, 'SIGKILL')
  }
  await untilReady(user)
  await untilServing(user, session)
  t.equal(await finish(user, session, kernel, 'all'), '42\n')
  t.equal((await user.session(session.id)).state, 'Active')
})

/** How many JupyterLab servers run below this data directory, without the helpers that they start now and then. */
async function serversOf(directory: string): Promise<number> {
  const commands = (await jobProcesses(directory)).map((pid) =>
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
  )
  return (await Promise.all(commands)).filter((command) => /jupyter-lab\0/.test(command)).length
}

async function compute(kernel: Kernel, tag: string): Promise<void> {
  await kernel.run(`tag = '${tag}${process.pid}'`)
  await kernel.send(COMPUTE)
}

async function finish(
  user: ApiUser,
  { url }: SessionAnswer,
  kernel: Kernel,
  tag: string,
): Promise<string> {
  const body = { type: 'file', format: 'text', content: '' }
  const file = `${url}api/contents/finish-${tag}${process.pid}`
  const { status } = await user.ask('PUT', file, body)
  if (status !== 201) throw new Error(`PUT api/contents: ${status}`)
  const printed = await kernel.run('print(result)')
  await user.ask('DELETE', file)
  return printed
}

/** The session answers again through Atelier. */
function untilServing(user: ApiUser, { url }: SessionAnswer): Promise<true> {
  return until(() =>
    user.fetch(`${url}api/status`).then(
      ({ status }) => status === 200,
      () => false,
    ),
  )
}

async function untilReady(user: ApiUser): Promise<void> {
  await until(() =>
    user.fetch('/ready').then(
      ({ ok }) => ok,
      () => false,
    ),
  )
}
