import type { Page, Route } from 'playwright-core'
import { AtelierError, type ErrorCode } from '../../src/errors.ts'
import { errorAnswer } from '../../src/proxy/answers.ts'
import { IDE_NAMES, SESSION_STATES } from '../../src/sessions/session.ts'
import type { SessionView } from '../../src/web/api/session-view.ts'
import type { NodeSessionView, NodeView } from '../../src/web/cluster/node-view.ts'
import type { TokenView } from '../../src/web/tokens/token-view.ts'

/** What the API is to answer instead of what it would. */
export interface Answers {
  sessions?: readonly SessionView[]
  tokens?: readonly TokenView[]
  /** Ids whose stop fails, for a bulk action that does not go well. */
  failing?: readonly string[]
  nodes?: readonly NodeView[] | 'unavailable'
  nodeSessions?: readonly NodeSessionView[]
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
    name: null,
    ide: 'jupyterlab',
    python: null,
    r: null,
    profile: null,
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
      cpuPercent: ended ? null : (n * 37) % 180,
      memoryBytes: ended ? null : ((n * 7919) % 4000) * 2 ** 20,
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

/** A node for the screen that is well, with changes. */
export function clusterNode(name: string, changes: Partial<NodeView> = {}): NodeView {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  return {
    name,
    state: 'alive',
    draining: false,
    version: '1.4.0',
    url: `http://${name}:8787`,
    self: false,
    sessions: 4,
    load: 0.42,
    joinedAt: at(-2_000_000),
    startedAt: at(-200_000),
    seenAt: at(-4),
    leaseUntil: at(36),
    leftAt: null,
    lostAt: null,
    roundTripMs: 1.3,
    databaseMs: 2.7,
    listening: true,
    ...changes,
  }
}

/** Nodes in all states, during an upgrade. */
export function someNodes(): readonly NodeView[] {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  const silent = { load: null, roundTripMs: null }
  return [
    clusterNode('node-1', { self: true, roundTripMs: null, version: '1.5.0', sessions: 12 }),
    clusterNode('node-2', { draining: true, load: 1.7, sessions: 1 }),
    clusterNode('node-3', { listening: false, databaseMs: 412, state: 'suspect' }),
    clusterNode('node-4', { ...silent, state: 'failed', seenAt: at(-0.5), leaseUntil: at(0.3) }),
    clusterNode('node-5', { ...silent, state: 'lost', seenAt: at(-90), lostAt: at(-89) }),
    clusterNode('node-6', {
      ...silent,
      state: 'offline',
      draining: true,
      sessions: 0,
      seenAt: at(-1500),
      leftAt: at(-1500),
    }),
    clusterNode('a-node-with-a-rather-long-name.example.com', { state: 'leaving', sessions: 0 }),
  ]
}

/** Sessions of several users on one node. */
export function nodeSessions(): readonly NodeSessionView[] {
  const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  return (['Active', 'Idle', 'Starting', 'Lost', 'Stopped'] as const).map((state, n) => ({
    id: `held${n}`,
    user: ['alice', 'bob', 'a-long-user-name@example.com'][n % 3] ?? 'alice',
    name: n % 2 === 0 ? `${NAMES[n % NAMES.length]}` : null,
    ide: IDE_NAMES[n % IDE_NAMES.length] ?? 'vscode',
    state,
    createdAt: at(n * 7),
    lastUsedAt: at(n),
    version: 3,
  }))
}

/** Has the page's requests answered by these; what is missing is left to the server. */
export async function answerWith(page: Page, answers: Answers): Promise<void> {
  const { sessions, tokens, nodes, nodeSessions: held = [], failing = [] } = answers
  await page.route('**/api/v1/me', (route) =>
    json(route, 200, { user: 'alice', host: 'node-1', version: '1.4.0' }),
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
  if (nodes === 'unavailable') {
    await page.route(/\/api\/v1\/nodes(\/|$)/, (route) => refuse(route, 'DATABASE_UNAVAILABLE'))
  } else if (nodes !== undefined) {
    await page.route('**/api/v1/nodes', (route) => json(route, 200, { items: nodes }))
    await page.route('**/api/v1/nodes/events', (route) =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: `event: nodes\ndata: ${JSON.stringify({ items: nodes })}\n\n`,
      }),
    )
    await page.route('**/api/v1/nodes/*/sessions', (route) => json(route, 200, { items: held }))
    await page.route('**/api/v1/nodes/*', (route) => {
      if (route.request().method() === 'DELETE') return refuse(route, 'NODE_ONLINE')
      return route.fallback()
    })
  }
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

function json(route: Route, status: number, body: unknown): Promise<void> {
  return route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) })
}

function refuse(route: Route, code: ErrorCode): Promise<void> {
  const error = new AtelierError(code)
  return json(route, error.status, error)
}
