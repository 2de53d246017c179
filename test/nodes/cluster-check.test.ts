import t from 'tap'
import { checkCluster, checkOthers, type OwnFacts } from '../../src/nodes/cluster-check.ts'
import type { ClusterRow } from '../../src/nodes/node-store.ts'
import { nodeView } from '../fixtures/node.ts'

const now = Date.UTC(2026, 0, 1, 12)
const own: OwnFacts = {
  name: 'node-1',
  keyFingerprint: 'aaaa1111',
  keyFile: '/data/cluster.key',
  protocol: 1,
  enabled: true,
}
const cluster: ClusterRow = {
  id: 'c',
  keyFingerprint: 'aaaa1111',
  protocol: 1,
  now: new Date(now),
}
const asked = (ahead: number, took = 0) => ({
  askedAt: now + ahead,
  answeredAt: now + ahead + took,
})

t.test('a node with the right key, protocol and clock is let in', async () => {
  for (const ahead of [0, 29_000, -29_000]) checkCluster(own, cluster, asked(ahead))
  // The answer was long under way: the database's time lies between.
  checkCluster(own, cluster, asked(-50_000, 60_000))
})

const refusals: [says: string, Partial<OwnFacts>, Partial<ClusterRow>, ahead: number, RegExp][] = [
  [
    'another key',
    { keyFingerprint: 'bbbb2222' },
    {},
    0,
    /bbbb2222.*aaaa1111.*\/data\/cluster\.key/,
  ],
  ['another protocol', { protocol: 2 }, {}, 0, /version 2 .*the cluster version 1/],
  ['a clock ahead', {}, {}, 31_000, /31 s ahead of the database's.*NTP/],
  ['a clock behind', {}, {}, -31_000, /31 s behind the database's/],
  ['a clock of another year', {}, { now: new Date(0) }, 0, /ahead of/],
]
for (const [says, ownChanges, clusterChanges, ahead, message] of refusals) {
  t.test(`${says} is refused with the mend`, async (t) => {
    const check = () =>
      checkCluster({ ...own, ...ownChanges }, { ...cluster, ...clusterChanges }, asked(ahead))
    t.throws(check, { name: 'JoinError', message })
  })
}

t.test('nodes share a database only as a cluster', async (t) => {
  const other = nodeView({ name: 'node-2', leased: true, gossipAddress: '10.0.0.2:7946' })
  const single = { ...own, enabled: false }
  checkOthers(own, [other])
  checkOthers(single, [{ ...other, leased: false }])
  checkOthers(single, [{ ...other, name: 'node-1' }])
  t.throws(() => checkOthers(single, [other]), { message: /node-2 .*cluster\.enabled = true/ })
  t.throws(() => checkOthers(own, [{ ...other, gossipAddress: null }]), {
    message: /node-2 uses this database without taking part/,
  })
})
