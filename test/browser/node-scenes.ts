import type { Page } from 'playwright-core'
import { IDE_NAMES } from '../../src/sessions/session.ts'
import type { NodeSessionView, NodeView } from '../../src/web/nodes/node-view.ts'
import { json, refuse } from './answers.ts'

const NAMES = ['analysis', 'thesis with a rather long name that has to wrap', 'model']

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
    name: n % 2 === 0 ? (NAMES[n % NAMES.length] ?? null) : null,
    ide: IDE_NAMES[n % IDE_NAMES.length] ?? 'vscode',
    state,
    createdAt: at(n * 7),
    lastUsedAt: at(n),
    version: 3,
  }))
}

/**
 * Has the page's requests about nodes answered by these, which can be drained and, unless they have failed only just,
 * removed.
 */
export async function answerNodes(
  page: Page,
  given: readonly NodeView[] | 'unavailable',
  held: readonly NodeSessionView[],
): Promise<void> {
  if (given === 'unavailable') {
    await page.route(/\/api\/v1\/nodes(\/|$)/, (route) => refuse(route, 'DATABASE_UNAVAILABLE'))
    return
  }
  let nodes = given
  await page.route('**/api/v1/nodes', (route) => json(route, 200, { items: nodes }))
  await page.route('**/api/v1/nodes/*/sessions', (route) => json(route, 200, { items: held }))
  await page.route('**/api/v1/nodes/*', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1)
    if (nodes.find((node) => node.name === name)?.state === 'failed') {
      return refuse(route, 'NODE_ONLINE')
    }
    nodes = nodes.filter((node) => node.name !== name)
    return route.fulfill({ status: 204 })
  })
  await page.route(/\/api\/v1\/nodes\/[^/]+\/(un)?drain$/, (route) => {
    const [name, verb] = new URL(route.request().url()).pathname.split('/').slice(-2)
    const draining = verb === 'drain'
    nodes = nodes.map((node) => (node.name === name ? { ...node, draining } : node))
    return json(
      route,
      200,
      nodes.find((node) => node.name === name),
    )
  })
  await page.route('**/api/v1/nodes/events', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: `event: nodes\ndata: ${JSON.stringify({ items: nodes })}\n\n`,
    }),
  )
}
