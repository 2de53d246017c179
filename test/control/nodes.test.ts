import { EventEmitter } from 'node:events'
import t from 'tap'
import { SingleMembership } from '../../cluster/index.ts'
import { nodeJson, nodeSessionJson } from '../../src/control/node-json.ts'
import { watchReachable } from '../../src/control/reachable-events.ts'
import { sessionJson } from '../../src/control/session-json.ts'
import type { NodeStore } from '../../src/nodes/node-store.ts'
import { Nodes } from '../../src/nodes/nodes.ts'
import { Locations } from '../../src/sessions/locations.ts'
import { nodeView } from '../fixtures/node.ts'
import { session } from '../fixtures/session.ts'
import { until } from '../fixtures/until.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second))

/** What a session's node tells of it when it was last used at that second. */
const reported = (second: number) => ({
  id: '',
  cpuPercent: null,
  memoryBytes: null,
  lastUsedAt: at(second).getTime(),
  stopsAt: null,
  stopsFor: null,
})

/** The verbs over a table of these nodes, asked by node-1. */
function nodesOf(rows: Map<string, ReturnType<typeof nodeView>>) {
  const store = {
    all: async () => [...rows.values()],
    setDraining: async (name: string, draining: boolean) => {
      const row = rows.get(name)
      if (row) rows.set(name, { ...row, draining })
      return rows.get(name)
    },
    remove: async (name: string) => rows.get(name)?.leased === false && rows.delete(name),
  } as Partial<NodeStore> as NodeStore
  const meta = { version: '1.0.0', sessions: 0, load: 0.25, draining: false }
  const local = { name: 'node-1', bootId: 'boot-1', startedAt: 0, url: '', meta }
  const locations = new Locations()
  const nodes = new Nodes({ store, membership: new SingleMembership(local), locations })
  return { nodes, locations }
}

t.test('a node is told with its times, state and what it holds', async (t) => {
  const gone = nodeView({ name: 'node-2', leased: false, lostAt: at(9), state: 'lost' })
  const rows = new Map([nodeView(), gone].map((row) => [row.name, row]))
  const { nodes, locations } = nodesOf(rows)
  locations.apply([
    session({ id: 'b', createdAt: at(1) }),
    session({ id: 'a', createdAt: at(2), state: 'Lost' }),
    session({ id: 'c', createdAt: at(3), state: 'Stopped' }),
    session({ id: 'd', node: 'node-2' }),
  ])
  const [own, other] = (await nodes.listNodes()).map(nodeJson)
  t.match(own, { name: 'node-1', state: 'alive', self: true, sessions: 2, load: 0.25 })
  t.match(own, { seenAt: at(0).toISOString(), leaseUntil: at(15).toISOString(), lostAt: null })
  t.match(other, { state: 'lost', self: false, sessions: 1, load: null })
  t.match(other, { lostAt: at(9).toISOString(), leftAt: null })
  t.strictSame(
    Object.keys(own ?? {}).filter((key) => /boot|installation|gossip/.test(key)),
    [],
  )

  const held = await nodes.sessionsOf('node-1')
  const extras = { report: () => reported(7) }
  t.strictSame(
    held.map(({ id }) => id),
    ['b', 'a', 'c'],
  )
  t.strictSame(
    held.slice(0, 1).map((each) => nodeSessionJson(each, extras)),
    [
      {
        id: 'b',
        user: 'alice',
        name: null,
        ide: 'jupyterlab',
        state: 'Starting',
        createdAt: at(1).toISOString(),
        lastUsedAt: at(7).toISOString(),
        version: 1,
      },
    ],
  )
})

t.test('nodes are drained, undrained and removed', async (t) => {
  const gone = nodeView({ name: 'node-2', leased: false })
  const rows = new Map([nodeView(), gone].map((row) => [row.name, row]))
  const { nodes } = nodesOf(rows)
  t.equal((await nodes.drainNode('node-1')).draining, true)
  t.equal((await nodes.undrainNode('node-1')).draining, false)
  await t.rejects(nodes.removeNode('node-1'), { code: 'NODE_ONLINE' })
  await nodes.removeNode('node-2')
  t.strictSame([...rows.keys()], ['node-1'])
  for (const verb of ['drainNode', 'undrainNode', 'removeNode', 'sessionsOf'] as const) {
    await t.rejects(
      (async () => void (await nodes[verb]('node-2')))(),
      { code: 'NODE_NOT_FOUND' },
      verb,
    )
  }
})

t.test(
  'a session tells its node and whether that answers; one that has ended needs no node',
  (t) => {
    const extras = {
      report: () => reported(0),
      keepUntilAtMost: () => at(0),
      isReachable: () => false,
    }
    t.match(sessionJson(session({ state: 'Active' }), extras), { node: 'node-1', reachable: false })
    t.match(sessionJson(session({ state: 'Lost' }), extras), { reachable: false })
    t.match(sessionJson(session({ state: 'Failed' }), extras), { reachable: true })
    t.end()
  },
)

t.test('sessions are told whose node answers no longer, or again', async (t) => {
  const news = new EventEmitter<{ changed: [] }>()
  const down = new Set(['node-3'])
  const told: string[] = []
  const end = watchReachable({
    news,
    sessions: () => ['node-1', 'node-2', 'node-3'].map((node) => session({ id: node, node })),
    isReachable: ({ node }) => !down.has(node),
    changed: ({ id }) => void told.push(id),
  })
  down.add('node-2')
  news.emit('changed')
  await until(() => told.length === 1)
  down.delete('node-2')
  down.add('node-1')
  news.emit('changed')
  news.emit('changed')
  await until(() => told.length === 3)
  t.strictSame(told, ['node-2', 'node-1', 'node-2'])
  end()
  t.equal(news.listenerCount('changed'), 0)
})
