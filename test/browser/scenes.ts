import type { Page } from 'playwright-core'
import { AtelierError, type ErrorCode } from '../../src/errors.ts'
import { errorAnswer } from '../../src/proxy/answers.ts'
import { IDE_NAMES, SESSION_STATES } from '../../src/sessions/session.ts'
import type { SessionView } from '../../src/web/api/session-view.ts'
import type { NodeSessionView, NodeView } from '../../src/web/nodes/node-view.ts'
import type { TokenView } from '../../src/web/tokens/token-view.ts'
import { json, refuse } from './answers.ts'
import { answerJobs, type JobAnswers } from './job-scenes.ts'
import { answerNodes } from './node-scenes.ts'

/** What the API is to answer instead of what it would. */
export interface Answers extends JobAnswers {
  sessions?: readonly SessionView[]
  tokens?: readonly TokenView[]
  /** Ids whose stop fails, for a bulk action that does not go well. */
  failing?: readonly string[]
  nodes?: readonly NodeView[] | 'unavailable'
  nodeSessions?: readonly NodeSessionView[]
  /** What else is answered, by whom it belongs to. */
  more?: (page: Page) => Promise<void>
}

const REASONS: Partial<Record<SessionView['state'], string>> = {
  Failed: 'The IDE ended with exit code 1 before it answered.',
  Stopped: 'Stopped by you.',
}

/** A session for the screen, with changes. */
export function sessionView(id: string, changes: Partial<SessionView> = {}): SessionView {
  const at = new Date(Date.now() - 3_600_000).toISOString()
  return {
    id,
    user: 'alice',
    name: null,
    ide: 'jupyterlab',
    python: null,
    r: null,
    profile: null,
    folder: null,
    limits: { cpus: null, memoryBytes: null },
    url: `/s/${id}/`,
    state: 'Active',
    desired: 'running',
    reason: null,
    logTail: null,
    createdAt: at,
    stateAt: at,
    lastUsedAt: at,
    stopsAt: null,
    stopsFor: null,
    node: 'node-1',
    reachable: true,
    keepUntil: null,
    keepUntilAtMost: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    cpuPercent: 3,
    memoryBytes: 200 * 2 ** 20,
    version: 2,
    ...changes,
  }
}

/** So many sessions of all IDEs in all states. */
export function manySessions(count: number): readonly SessionView[] {
  return Array.from({ length: count }, (_, n) => {
    const state = SESSION_STATES[n % SESSION_STATES.length] ?? 'Active'
    const ended = state === 'Stopped' || state === 'Failed'
    const silent = ended || state === 'Lost'
    const at = new Date(Date.now() - n * 7_200_000).toISOString()
    return sessionView(`many${n}`, {
      name: n % 4 === 3 ? null : `${NAMES[n % NAMES.length]} ${n}`,
      ide: IDE_NAMES[n % IDE_NAMES.length] ?? 'vscode',
      state,
      reason: REASONS[state] ?? null,
      logTail: state === 'Failed' ? 'Traceback\nModuleNotFoundError: No module named x' : null,
      createdAt: at,
      stateAt: at,
      lastUsedAt: at,
      cpuPercent: silent ? null : (n * 37) % 180,
      memoryBytes: silent ? null : ((n * 7919) % 4000) * 2 ** 20,
    })
  })
}

const NAMES = ['analysis', 'thesis with a rather long name that has to wrap', 'model', 'plots']

/** Tokens in all conditions. */
export function someTokens(): readonly TokenView[] {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const token = (id: string, changes: Partial<TokenView>): TokenView => ({
    id,
    name: id,
    scopes: ['read'],
    createdAt: day(-40),
    expiresAt: day(50),
    lastUsedAt: day(-1),
    ...changes,
  })
  return [
    token('nightly report', { scopes: ['read', 'sessions'] }),
    token('backup', { scopes: ['read', 'sessions', 'admin'], expiresAt: null, lastUsedAt: null }),
    token('course', { expiresAt: day(2) }),
    token('old laptop', { expiresAt: day(-3) }),
  ]
}

/** Has the page's requests answered by these; what is missing is left to the server. */
export async function answerWith(page: Page, answers: Answers): Promise<void> {
  const { sessions, tokens, nodes, nodeSessions: held = [], failing = [] } = answers
  await answers.more?.(page)
  await page.route('**/api/v1/me', (route) =>
    json(route, 200, {
      user: 'alice',
      role: 'administrator',
      host: 'node-1',
      version: '1.4.0',
      signIn: { method: 'link', signInUrl: null, signOutUrl: null },
    }),
  )
  if (tokens !== undefined) {
    await page.route('**/api/v1/tokens', async (route) => {
      if (route.request().method() === 'GET') return json(route, 200, { items: tokens })
      const body = route.request().postDataJSON() as Partial<TokenView>
      const [first] = someTokens()
      return json(route, 201, {
        ...first,
        ...body,
        token: 'atelier_k3x9Zk3Qm2v8R0pLw7YtBn5sAa1DfGhJ',
      })
    })
  }
  if (nodes !== undefined) await answerNodes(page, nodes, held)
  await answerJobs(page, answers)
  if (sessions === undefined) return
  await page.route(/\/api\/v1\/sessions(\?|$)/, (route) =>
    json(route, 200, { items: sessions, next: null }),
  )
  await page.route(/\/api\/v1\/sessions\/[^/]+$/, (route) => {
    const request = route.request()
    const id = new URL(request.url()).pathname.split('/').at(-1) ?? ''
    const found = sessions.find((session) => session.id === id)
    if (found === undefined) return refuse(route, 'SESSION_NOT_FOUND')
    if (request.method() !== 'DELETE') return json(route, 200, found)
    if (failing.includes(id)) return refuse(route, 'LAUNCHER_UNAVAILABLE')
    const ended = found.state === 'Stopped' || found.state === 'Failed'
    const stopping = { ...found, state: 'Stopping', version: found.version + 1 }
    return ended ? route.fulfill({ status: 204 }) : json(route, 202, stopping)
  })
  await page.route('**/api/v1/sessions/*/restart', (route) => {
    const id = new URL(route.request().url()).pathname.split('/').at(-2)
    const found = sessions.find((session) => session.id === id)
    if (found?.state !== 'Lost') return refuse(route, 'SESSION_NOT_LOST')
    const version = found.version + 1
    const starting = { state: 'Starting', node: 'node-1', reachable: true, version } as const
    return json(route, 202, { ...found, ...starting })
  })
  await page.route('**/api/v1/sessions/*/output', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: OUTPUT }),
  )
  await page.route(/\/s\/broken/, (route) => {
    const code = new URL(route.request().url()).searchParams.get('code') as ErrorCode
    const request = { method: 'GET', url: '/s/x/', headers: { accept: 'text/html' } }
    const { status, headers, body } = errorAnswer(new AtelierError(code), request)
    return route.fulfill({ status, headers: headers as Record<string, string>, body })
  })
}

const OUTPUT = `data: ${JSON.stringify({ output: '[I ServerApp] Serving notebooks from local directory: /home/alice\n' })}

event: end
data: {}

`
