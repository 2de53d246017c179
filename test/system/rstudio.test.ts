import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { signIn, type ApiUser, type SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, jobProcesses, startTestAtelier } from '../fixtures/atelier.ts'
import { placeRServer } from '../fixtures/rserver.ts'
import { until } from '../fixtures/until.ts'

t.test('RStudio through Atelier', async (t) => {
  const directory = await dataDirectory(t)
  const rserver = await placeRServer(directory)
  const atelier = await startTestAtelier(t, [`ides.rserver="${rserver}"`])
  const user = await signIn(atelier.signInLink)
  let session = await user.start('rstudio')
  let page = new Page(user, session)

  await t.test('opens without a sign-in page and without a loop', async (t) => {
    t.strictSame(await page.open(), [
      `${session.url}`,
      `${session.url}auth-sign-in?appUri=%2F`,
      `${session.url}`,
    ])
    t.match(page.text, 'RStudio Server')
    for (const cookie of page.setCookies) t.match(`${cookie};`, `Path=${session.url};`)
    t.equal(
      (await new Page(user, session).fetch('rpc/client_init', { method: 'POST' })).status,
      401,
    )
  })

  await t.test('R starts with the first page, and not for a poll', async (t) => {
    t.equal((await page.poll()).status, 503)
    const graphics = { headers: { 'x-rstudio-session-required': '1' } }
    t.equal((await page.fetch('graphics/plot.png', graphics)).status, 503)
    t.match(await page.rpc('client_init'), { resumed: false })
  })

  await t.test('what R prints comes through a poll that was waiting for it', async (t) => {
    const polled = page.poll()
    await page.rpc('console_input', 'x <- 6 * 7')
    await page.rpc('console_input', 'x')
    t.match(await (await polled).json(), { result: [{ data: '6 * 7' }] })
    await page.rpc('console_input', 'Sys.getenv("ATELIER_DIRECTORY")')
    const [{ data }] = (await (await page.poll()).json()).result
    t.match(data, atelier.directory, 'its processes can be told from those of other sessions')
  })

  await t.test('a terminal speaks over its WebSocket', async (t) => {
    const { path } = await page.rpc('process_start_terminal')
    t.match(path, /^p\/[0-9a-f]{8}\/terminal\//)
    const socket = page.webSocket(path)
    await once(socket, 'open')
    socket.send('ls')
    t.equal(String((await once(socket, 'message'))[0]), '$ ls')
    socket.close()
    const stranger = new Page(user, session).webSocket(path)
    const [, response] = await once(stranger, 'unexpected-response')
    t.equal(response.statusCode, 401, 'not without the cookies of RStudio Server')
  })

  await t.test('a tab that is open survives a new node', async (t) => {
    await atelier.kill('node')
    await until(async () => (await page.fetch('').catch(() => undefined))?.status === 200)
    t.match(await page.rpc('client_init'), { resumed: false })
  })

  await t.test('R saves its session when it is stopped', async (t) => {
    t.equal((await user.ask('DELETE', `/api/v1/sessions/${session.id}`)).status, 202)
    await user.untilState(session.id, 'Stopped')
    t.strictSame(await jobProcesses(atelier.directory), [])
    t.equal((await page.fetch('')).status, 410)
  })

  await t.test('the next session of RStudio goes on with it', async (t) => {
    session = await user.start('rstudio')
    page = new Page(user, session)
    await page.open()
    t.match(await page.rpc('client_init'), { resumed: true })
    await page.rpc('console_input', 'x')
    t.match(await (await page.poll()).json(), { result: [{ data: '6 * 7' }] })
  })

  await t.test('nothing is left of one that is killed', async (t) => {
    await user.ask('DELETE', `/api/v1/sessions/${session.id}?force=true`)
    await user.untilState(session.id, 'Stopped')
    await until(async () => (await jobProcesses(atelier.directory)).length === 0)
    t.strictSame(await readdir(join(atelier.directory, 'jobs/run')), [])
  })
})

interface Rpc {
  readonly path: string
  readonly resumed: boolean
}

/** A page of RStudio in a browser, as far as cookies and redirects go. */
class Page {
  readonly #user: ApiUser
  readonly #session: SessionAnswer
  readonly setCookies: string[] = []
  text = ''

  constructor(user: ApiUser, session: SessionAnswer) {
    this.#user = user
    this.#session = session
  }

  get #cookie(): string {
    return [this.#user.cookie, ...this.setCookies.map((cookie) => cookie.split(';')[0])].join('; ')
  }

  /** Follows redirects, at most ten, and answers the paths it came through. */
  async open(): Promise<readonly string[]> {
    const paths: string[] = []
    for (let path = this.#session.url; paths.length < 10;) {
      paths.push(path)
      const response = await this.#user.fetch(path, { headers: { cookie: this.#cookie } })
      this.setCookies.push(...response.headers.getSetCookie())
      this.text = await response.text()
      if (response.status !== 302) break
      const location = new URL(response.headers.get('location') ?? '', this.#user.address + path)
      if (location.origin !== this.#user.address) throw new Error(`redirected to ${location.href}`)
      path = location.pathname + location.search
    }
    return paths
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie: this.#cookie, ...(init.headers as Record<string, string>) }
    return this.#user.fetch(this.#session.url + path, { ...init, headers })
  }

  async rpc(method: string, ...params: string[]): Promise<Rpc> {
    const body = JSON.stringify({ params })
    const response = await this.fetch(`rpc/${method}`, { method: 'POST', body })
    if (response.status !== 200) throw new Error(`${method}: ${response.status}`)
    return ((await response.json()) as { result: Rpc }).result
  }

  /** Waits for events, as long as it takes. */
  async poll(): Promise<{ status: number; json(): Promise<{ result: [{ data: string }] }> }> {
    const response = await this.fetch('events/get_events', { method: 'POST', body: '{}' })
    return {
      status: response.status,
      json: async () => (await response.json()) as { result: [{ data: string }] },
    }
  }

  webSocket(path: string): WebSocket {
    const url = this.#user.address.replace('http', 'ws') + this.#session.url + path
    const socket = new WebSocket(url, {
      headers: { cookie: this.#cookie, origin: this.#user.address },
    })
    socket.on('error', () => undefined)
    return socket
  }
}
