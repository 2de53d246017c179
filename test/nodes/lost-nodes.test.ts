import t from 'tap'
import type { Member, MemberState } from '../../cluster/index.ts'
import type { NodeRow } from '../../src/nodes/cluster-node.ts'
import { lostNodes } from '../../src/nodes/lost-nodes.ts'
import { nodeState } from '../../src/nodes/node-state.ts'
import { nodeView } from '../fixtures/node.ts'

const now = new Date('2026-01-01T12:00:00Z')
const past = new Date(now.getTime() - 1)
const later = new Date(now.getTime() + 20_000)
const out = { leased: false, leaseUntil: past, now }
const held = { leased: true, leaseUntil: later, now }
const left = { leased: false, leaseUntil: later, leftAt: past, now }

const cases: [says: string, Partial<NodeRow>, MemberState | undefined, isLost: boolean][] = [
  ['gossip and lease are gone', out, 'failed', true],
  ['nobody has ever gossiped with it', out, undefined, true],
  ['gossip is gone, the lease lasts', held, 'failed', false],
  ['the lease is out, gossip reaches it', out, 'alive', false],
  ['the lease is out, it is suspect', out, 'suspect', false],
  ['it is lost already', { ...out, lostAt: past }, 'failed', false],
  ['it has ended in order a moment ago', left, undefined, false],
  ['it has ended in order long ago', { ...left, leaseUntil: past }, undefined, true],
]
for (const [says, row, state, isLost] of cases) {
  t.test(`${isLost ? 'lost' : 'not lost'}: ${says}`, async (t) => {
    const member = state && ({ state } as Member)
    t.equal(
      lostNodes([nodeView({ leftAt: null, lostAt: null, ...row })], { get: () => member }).length,
      Number(isLost),
    )
  })
}

t.test('what administrators see of a node', async (t) => {
  const row = nodeView({ leftAt: null, lostAt: null })
  t.equal(nodeState(row, { state: 'leaving' }), 'leaving')
  t.equal(nodeState({ ...row, lostAt: now }, { state: 'alive' }), 'alive', 'who answers is here')
  t.equal(nodeState(row, { state: 'failed' }), 'failed')
  t.equal(nodeState(row, undefined), 'failed')
  t.equal(nodeState({ ...row, lostAt: now }, { state: 'failed' }), 'lost')
  t.equal(nodeState({ ...row, leftAt: now, lostAt: now }, undefined), 'offline')
})
