import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { signIn, type ApiUser } from '../fixtures/api.ts'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { placeRServer } from '../fixtures/rserver.ts'
import { until } from '../fixtures/until.ts'

const SLOW = { timeout: 90_000 }

t.test('atelier job submit just works in the terminals of every IDE', async (t) => {
  const directory = await dataDirectory(t)
  const rserver = await placeRServer(directory)
  const atelier = await startTestAtelier(t, [`ides.rserver="${rserver}"`])
  const user = await signIn(atelier.signInLink)
  // Where the account of the sessions may write, which is another one if the tests run as root.
  const folder = join(await dataDirectory(t), 'open to all')
  await mkdir(folder)
  await chmod(folder, 0o777)
  writeFileSync(join(folder, 'job.sh'), 'echo "out $1 $(id -un)"; echo err >&2; exit 7\n')

  /** A command line that submits the file, follows it and writes what came of it into a file. */
  const commandFor = (name: string) => {
    const script = join(folder, `${name}.sh`)
    const result = join(folder, `${name}.result`)
    writeFileSync(
      script,
      `cd '${folder}'; atelier job submit job.sh '${name}' --follow >out.${name} 2>err.${name}; echo $? >'${name}.new'; mv '${name}.new' '${result}'\n`,
    )
    return { line: `. '${script}'`, result }
  }
  const check = async (name: string, result: string, session: string) => {
    await until(() => existsSync(result))
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    t.equal(read(`${name}.result`), '7\n', `the exit code of the job: ${read(`err.${name}`)}`)
    t.match(read(`out.${name}`), new RegExp(`^out ${name} \\S+\n$`))
    t.match(read(`err.${name}`), /^atelier: Job \S+ is submitted\.\nerr\n$/)
    const id = /Job (\S+) is/.exec(read(`err.${name}`))?.[1] ?? ''
    const { body } = await user.ask('GET', `/api/v1/jobs/${id}`)
    t.match(body, { session, state: 'Finished', exitCode: 7, script: join(folder, 'job.sh') })
  }

  const lab = await user.start('jupyterlab')

  await t.test('a terminal of JupyterLab, which is a login shell', async () => {
    const { line, result } = commandFor('lab')
    await typed(user, lab.url, `${line}\r`)
    await check('lab', result, lab.id)
  })

  await t.test('a terminal of VS Code', async (t) => {
    const code = await user.start('vscode')
    const { line, result } = commandFor('code')
    const { page, context, screenshot } = await openBrowser(t)
    const [name = '', value = ''] = user.cookie.split(/=(.*)/)
    await context.addCookies([{ name, value, url: user.address }])
    await page.goto(user.address + code.url)
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor(SLOW)
    await page.keyboard.press('Control+Backquote')
    const terminal = '.terminal-wrapper.active'
    await page.locator(`${terminal} .xterm-rows`).getByText('$').first().waitFor(SLOW)
    // VS Code may still open a view of its own, which takes the focus away.
    await until(async () => {
      await page.locator(`${terminal} textarea.xterm-helper-textarea`).focus()
      await page.keyboard.type(`${line}\n`)
      return until(() => existsSync(result), 20_000).catch(() => false)
    })
    await screenshot(page, 'vscode-job-submit')
    await check('code', result, code.id)
    await page.close()
  })

  await t.test('a terminal of RStudio', async () => {
    const session = await user.start('rstudio')
    const { line, result } = commandFor('rstudio')
    await typedInRStudio(user, session.url, `run ${line}`)
    await check('rstudio', result, session.id)
  })

  await t.test('the token looks and runs jobs, as long as its session lives', async (t) => {
    const kernel = await startKernel(user, lab.url)
    const read = async (name: string) =>
      (await kernel.run(`import os; print(os.environ["${name}"])`)).trim()
    const token = await read('ATELIER_TOKEN')
    t.equal(await read('ATELIER_ADDRESS'), atelier.address)
    const ask = async (method: string, path: string, bearer = token) => {
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
      const body = method === 'GET' ? {} : { body: '{"ide":"vscode"}' }
      const response = await fetch(`${atelier.address}/api/v1${path}`, { method, headers, ...body })
      return response.status
    }
    t.equal(await ask('GET', '/sessions'), 200)
    t.equal(await ask('GET', '/jobs'), 200)
    t.equal(await ask('GET', '/jobs?user=*'), 403, 'its own only')
    t.equal(await ask('POST', '/sessions'), 403)
    t.equal(await ask('DELETE', `/sessions/${lab.id}`), 403)
    t.equal(await ask('GET', '/tokens'), 403)
    t.equal(
      await ask('GET', '/jobs', `${token.slice(0, -2)}${token.endsWith('AA') ? 'BA' : 'AA'}`),
      401,
    )
    await atelier.kill('node')
    await until(async () => (await ask('GET', '/jobs').catch(() => 0)) === 200)
    t.pass('also at the next node')
    const output = await user.fetch(`/api/v1/sessions/${lab.id}/output`).then(
      (response) => response.body?.getReader().read(),
      () => undefined,
    )
    t.notMatch(Buffer.from(output?.value ?? []).toString(), token, 'it is in no output')
    await user.ask('DELETE', `/api/v1/sessions/${lab.id}`)
    await user.untilState(lab.id, 'Stopped')
    t.equal(await ask('GET', '/jobs'), 401, 'and no longer')
  })
})

/** Types into a new terminal of Jupyter. */
async function typed(user: ApiUser, url: string, text: string): Promise<void> {
  const { body } = await user.ask<{ name: string }>('POST', `${url}api/terminals`)
  const address = `${user.address.replace('http', 'ws')}${url}terminals/websocket/${body.name}`
  const socket = new WebSocket(address, { headers: { cookie: user.cookie, origin: user.address } })
  socket.on('message', (data: Buffer) => {
    const [kind] = JSON.parse(data.toString()) as [string]
    if (kind === 'setup') socket.send(JSON.stringify(['stdin', text]))
  })
  await once(socket, 'open')
}

/** Has the stand-in for RStudio run a command in its terminal. */
async function typedInRStudio(user: ApiUser, url: string, text: string): Promise<void> {
  const cookies = [user.cookie]
  for (let path: string | null = url; path !== null;) {
    const { headers } = await user.fetch(path, { headers: { cookie: cookies.join('; ') } })
    cookies.push(...headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? ''))
    const location: string | null = headers.get('location')
    const next: URL | null = location === null ? null : new URL(location, user.address + path)
    path = next && next.pathname + next.search
  }
  const cookie = cookies.join('; ')
  const response = await user.fetch(`${url}rpc/process_start_terminal`, {
    method: 'POST',
    body: JSON.stringify({ params: [] }),
    headers: { cookie },
  })
  const { result } = (await response.json()) as { result: { path: string } }
  const address = user.address.replace('http', 'ws') + url + result.path
  const socket = new WebSocket(address, { headers: { cookie, origin: user.address } })
  await once(socket, 'open')
  socket.send(text)
}
