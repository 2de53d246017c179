import t from 'tap'
import { NODE_STATES } from '../../../src/nodes/cluster-node.ts'
import {
  changedNodes,
  clusterSummary,
  loadBar,
  nodeActions,
  nodeNotices,
  versionsOf,
} from '../../../src/web/nodes/node-words.ts'
import { clusterNode } from '../../browser/node-scenes.ts'

const now = new Date(2026, 0, 1, 12, 0, 0).getTime()
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
/** The time as the page writes it, in whatever language. */
const shown = (minutes: number) =>
  new Date(now + minutes * 60_000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

t.test('a node that is not well says since when, and what happens next', (t) => {
  const times = { seenAt: at(-3), leaseUntil: at(4), lostAt: null, leftAt: null }
  const cases: [changes: Parameters<typeof clusterNode>[1], wanted: string][] = [
    [{}, ''],
    [{ state: 'suspect' }, 'may still answer'],
    [{ state: 'leaving' }, 'ends or restarts'],
    [
      { state: 'failed' },
      `last seen ${shown(-3)}. Its sessions count as lost from ${shown(4)} on.`,
    ],
    [{ state: 'failed', leaseUntil: at(-1) }, 'Its sessions count as lost in a moment.'],
    [{ state: 'lost', lostAt: at(-2) }, `Lost since ${shown(-2)}. Its sessions come back`],
    [{ state: 'offline', leftAt: at(-1) }, `ended in order at ${shown(-1)}. Its sessions cannot`],
    [{ draining: true }, 'no new sessions; those it has go on.'],
    [{ draining: true, sessions: 0 }, 'has none: it can be stopped.'],
    [{ draining: true, state: 'lost', sessions: 0 }, 'when it comes back'],
  ]
  for (const [changes, wanted] of cases) {
    const said = nodeNotices(clusterNode('a', { ...times, ...changes }), now).join(' ')
    t.ok(wanted === '' ? said === '' : said.includes(wanted), said)
  }
  for (const state of ['failed', 'lost', 'offline'] as const) {
    const said = nodeNotices(clusterNode('a', { ...times, state, sessions: 0 }), now)
    t.equal(said.length, 1, `${state}: nothing of sessions that it has not`)
  }
  t.end()
})

t.test('what can be done with a node depends on its state', (t) => {
  const running = ['drain'] as const
  const wanted = {
    alive: running,
    suspect: running,
    leaving: running,
    failed: ['remove'],
    lost: ['remove'],
    offline: ['remove'],
  }
  for (const state of NODE_STATES) {
    t.strictSame(nodeActions({ state, draining: false }), wanted[state], state)
    t.ok(nodeActions({ state, draining: true }).includes('undrain'), state)
    t.notOk(nodeActions({ state, draining: true }).includes('drain'), state)
  }
  t.end()
})

t.test('the cluster in a line', (t) => {
  const some = [
    clusterNode('a', { sessions: 1 }),
    clusterNode('b', { sessions: 0, draining: true }),
    clusterNode('c', { sessions: 2, state: 'suspect' }),
  ]
  t.equal(clusterSummary(some.slice(0, 1)), '1 node. 1 session.')
  t.equal(clusterSummary(some), '3 nodes, 1 of which takes new sessions. 3 sessions.')
  t.equal(clusterSummary(some.slice(1)), '2 nodes, none of which takes new sessions. 2 sessions.')
  t.end()
})

t.test('versions count only where they run', (t) => {
  const nodes = [
    clusterNode('a', { version: '1.10.0' }),
    clusterNode('b', { version: '1.9.0' }),
    clusterNode('c', { version: '1.9.0', state: 'leaving' }),
    clusterNode('d', { version: '1.0.0', state: 'lost' }),
    clusterNode('e', { version: '1.1.0', state: 'offline' }),
  ]
  t.strictSame(versionsOf(nodes), [
    { version: '1.9.0', names: ['b', 'c'] },
    { version: '1.10.0', names: ['a'] },
  ])
  t.end()
})

t.test('what changes of nodes is told to those who do not see it', (t) => {
  const before = [clusterNode('a'), clusterNode('b'), clusterNode('c')]
  const after = [clusterNode('a', { load: 3 }), clusterNode('b', { state: 'failed' })]
  t.equal(changedNodes(before, after), 'b is now Failed. c was removed.')
  t.equal(changedNodes(after, [...after, clusterNode('d')]), 'd is now Alive.')
  t.equal(changedNodes(before, before), '')
  t.end()
})

t.test('a bar is never longer than its frame', (t) => {
  t.strictSame(loadBar(0.4), { share: 0.4, isFull: false })
  t.strictSame(loadBar(1), { share: 1, isFull: true })
  t.strictSame(loadBar(7), { share: 1, isFull: true })
  t.end()
})
