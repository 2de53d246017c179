import t from 'tap'
import type { MemberState } from '../../cluster/index.ts'
import { peerOf } from '../../src/peers/known-peers.ts'
import { nodeView } from '../fixtures/node.ts'

const now = new Date('2026-01-01T12:00:00Z')
const ago = (ms: number) => new Date(now.getTime() - ms)
const member = (state: MemberState) => ({ url: 'http://gossip', state })

/** What is believed of a node that gossip and the table, read `age` ms ago, say this of; "unknown" if nothing. */
function believed(
  state: MemberState | undefined,
  row: { renewed: number; left?: number } | undefined,
  age = 1000,
): string {
  const read = row && {
    ...nodeView({ url: 'http://table', now, renewedAt: ago(row.renewed) }),
    leftAt: row.left === undefined ? null : ago(row.left),
  }
  const peer = peerOf('n', state && member(state), read, age)
  return peer === undefined ? 'unknown' : `${peer.failed ? 'failed' : 'there'} ${peer.url}`
}

t.test('which of the other nodes are asked', async (t) => {
  t.equal(believed('alive', undefined), 'there http://gossip')
  t.equal(believed('suspect', { renewed: 60_000 }), 'there http://gossip')
  t.equal(believed('leaving', { renewed: 1000 }), 'there http://gossip')
  t.equal(believed('failed', undefined), 'failed http://gossip')
  t.equal(believed('failed', { renewed: 30_000 }), 'failed http://table')
  t.equal(believed('failed', { renewed: 2000 }), 'there http://table', 'only gossip is cut')
  t.equal(believed('failed', { renewed: 2000 }, 9000), 'failed http://table', 'nobody knows by now')
  t.equal(believed(undefined, { renewed: 1000, left: 5000 }), 'there http://table', 'restarting')
  t.equal(believed(undefined, { renewed: 60_000, left: 60_000 }), 'failed http://table')
  t.equal(believed(undefined, { renewed: 2000 }, 25_000), 'there http://table', 'it has just left')
  t.equal(believed(undefined, { renewed: 60_000 }), 'failed http://table', 'it was gone by then')
  t.equal(believed(undefined, undefined), 'unknown')
})
