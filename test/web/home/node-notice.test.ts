import t from 'tap'
import { isMeant } from '../../../src/web/home/bulk-action.ts'
import { nodeNotice, onSeveralNodes } from '../../../src/web/home/node-notice.ts'
import { matching, NO_FILTER } from '../../../src/web/home/session-filter.ts'
import { sessionView } from '../../browser/scenes.ts'

const now = new Date(2026, 0, 1, 12, 4, 0)
const stateAt = now.toISOString()

t.test('a session says when its server is out of reach', (t) => {
  const notice = (changes: Parameters<typeof sessionView>[1]) =>
    nodeNotice(sessionView('a', { node: 'node-2', stateAt, ...changes }), now.getTime())
  const time = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  t.equal(notice({ state: 'Lost', reachable: false }), `Its server node-2 is lost since ${time}.`)
  for (const state of ['Starting', 'Active', 'Idle', 'Stopping'] as const) {
    t.match(notice({ state, reachable: false }), 'Its server node-2 does not answer.', state)
    t.equal(notice({ state }), null, state)
  }
  t.equal(notice({ state: 'Failed', reachable: false }), null)
  t.end()
})

t.test('which node a session is on matters only if there are several', (t) => {
  const on = (...nodes: string[]) => nodes.map((node) => sessionView(node, { node }))
  t.equal(onSeveralNodes(on('node-1', 'node-1'), 'node-1'), false)
  t.equal(onSeveralNodes(on('node-1'), undefined), false)
  t.equal(onSeveralNodes(on('node-2'), 'node-1'), true)
  t.equal(onSeveralNodes(on('node-1', 'node-2'), undefined), true)
  t.equal(onSeveralNodes([], 'node-1'), false)
  t.end()
})

t.test('a lost session has not ended', (t) => {
  const lost = sessionView('lost', { state: 'Lost', node: 'node-2' })
  const all = [lost, sessionView('other', { state: 'Stopped' })]
  const found = (changes: object) => matching(all, { ...NO_FILTER, ...changes }).map(({ id }) => id)
  t.strictSame(found({ state: 'running' }), ['lost'])
  t.strictSame(found({ state: 'Lost' }), ['lost'])
  t.strictSame(found({ state: 'ended' }), ['other'])
  t.strictSame(found({ text: 'NODE-2' }), ['lost'])
  t.ok(isMeant('stop', lost) && isMeant('force', lost) && !isMeant('remove', lost))
  t.end()
})
