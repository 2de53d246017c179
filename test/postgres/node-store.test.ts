import t from 'tap'
import { PostgresNodeStore } from '../../src/postgres/node-store.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import { silent } from '../fixtures/silent-log.ts'
import { NodeLease } from '../../src/nodes/node-lease.ts'
import { database, migrated } from '../fixtures/database.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresNodeStore({ database: db })
const sessions = new PostgresSessionStore({ database: db })

const node = (name: string, changes: object = {}) => ({
  name,
  installation: `of ${name}`,
  bootId: 'boot-1',
  url: 'http://a:1',
  gossipAddress: '10.0.0.1:7946',
  version: '1.0.0',
  lease: 60_000,
  ...changes,
})
const expire = (name: string) =>
  db.query(`update atelier.nodes set lease_until = now() - interval '1 s' where name = $1`, [name])
const start = (id: string, on: string, changes: object = {}) =>
  sessions.insert({
    id,
    user: 'ann',
    name: null,
    ide: 'vscode',
    python: null,
    r: null,
    profile: null,
    node: on,
    ...changes,
  })

t.test('of twenty nodes that come first at once one writes the cluster', async (t) => {
  const own = { keyFingerprint: 'k', protocol: 1 }
  const rows = await Promise.all(Array.from({ length: 20 }, () => store.cluster(own)))
  t.equal(new Set(rows.map(({ id }) => id)).size, 1)
  t.match(await store.cluster({ keyFingerprint: 'other', protocol: 2 }), own)
})

t.test('a name is taken by one installation at a time', async (t) => {
  const takers = Array.from({ length: 20 }, (_, at) =>
    store.register(node('one', { installation: `i${at}` })),
  )
  const [winner, ...more] = (await Promise.all(takers)).filter((row) => row !== undefined)
  t.equal(more.length, 0)
  t.match(winner, { epoch: 1, leased: true, leftAt: null, lostAt: null, draining: false })
  const again = await store.register({
    ...node('one', { bootId: 'boot-2' }),
    installation: winner?.installation ?? '',
  })
  t.match(again, { epoch: 2, bootId: 'boot-2' }, 'the same one starts again at once')
  t.equal(await store.renew({ name: 'one', bootId: 'boot-1', lease: 1 }), undefined)
  await expire('one')
  t.match(await store.register(node('one', { installation: 'new' })), { epoch: 3 })
})

t.test('a node that ends in order leaves its name free', async (t) => {
  await store.register(node('orderly'))
  await store.release({ name: 'orderly', bootId: 'boot-1' })
  const row = (await store.all()).find(({ name }) => name === 'orderly')
  t.match(row, { leased: false })
  t.ok(row?.leftAt)
  t.match(await store.register(node('orderly', { installation: 'new' })), { leftAt: null })
})

t.test('a node is given up once, only when its lease is out, and comes back', async (t) => {
  const { epoch = 0 } = (await store.register(node('gone'))) ?? {}
  t.equal(await store.lose({ name: 'gone', epoch }), undefined, 'its lease lasts')
  await expire('gone')
  const takers = Array.from({ length: 20 }, () => store.lose({ name: 'gone', epoch }))
  t.equal((await Promise.all(takers)).filter((row) => row !== undefined).length, 1)
  t.match(await store.renew({ name: 'gone', bootId: 'boot-1', lease: 1000 }), {
    lostAt: null,
    leased: true,
    epoch: epoch + 1,
  })
})

t.test('sessions are lost with their node, keep their epoch, and none of another', async (t) => {
  await store.register(node('lost'))
  await store.register(node('well'))
  await start('l1', 'lost')
  await start('l2', 'lost')
  await start('l3', 'lost')
  await start('l4', 'lost')
  await start('w1', 'well')
  const location = { kind: 'socket', path: '/x' } as const
  await sessions.update('l1', 1, { state: 'Active', location })
  await sessions.update('l2', 1, { desired: 'stopped', state: 'Stopping' })
  await sessions.update('l3', 1, { state: 'Failed' })
  await sessions.update('l4', 1, {
    state: 'Active',
    location: { kind: 'address', host: 'h', port: 1 },
  })
  t.strictSame(await sessions.lose('lost'), [], 'it is not given up')
  await expire('lost')
  await store.lose({ name: 'lost', epoch: 1 })
  const lost = new Map((await sessions.lose('lost')).map((each) => [each.id, each]))
  t.strictSame([...lost.keys()].sort(), ['l1', 'l2'])
  t.match(lost.get('l1'), {
    state: 'Lost',
    epoch: 1,
    version: 3,
    location,
    reason: /server lost is lost/,
  })
  t.match(lost.get('l2'), { state: 'Stopped', location: null })
  t.strictSame(await sessions.lose('lost'), [], 'once')
  await store.register(node('lost', { bootId: 'boot-2' }))
  await start('l5', 'lost')
  t.strictSame(await sessions.lose('lost'), [], 'it has come back')
  await start('r1', 'removed')
  t.match(await sessions.lose('removed'), [{ id: 'r1', state: 'Lost' }], 'a node that is no more')
})

t.test('a drained node gets no session, however close the start is', async (t) => {
  await store.register(node('full'))
  const starts = Array.from({ length: 30 }, (_, at) => start(`d${at}`, 'full'))
  const drained = store.setDraining('full', true)
  const results = await Promise.allSettled(starts)
  await drained
  const refused = results.filter(({ status }) => status === 'rejected')
  for (const each of refused) t.match(each, { reason: { code: 'NO_NODE' } })
  const held = (await sessions.all()).filter((session) => session.node === 'full')
  t.equal(held.length, results.length - refused.length)
  await t.rejects(start('d-after', 'full'), { code: 'NO_NODE' })
  const once = { key: 'k', fingerprint: 'f' }
  const wanted = {
    id: 'd-once',
    user: 'ann',
    name: null,
    ide: 'vscode',
    python: null,
    r: null,
  } as const
  await t.rejects(sessions.insertOnce({ ...wanted, profile: null, node: 'full' }, once), {
    code: 'NO_NODE',
  })
  await store.setDraining('full', false)
  t.ok(await start('d-again', 'full'))
  t.equal(await store.setDraining('nobody', true), undefined)
})

t.test('a node is removed, and the cluster forgotten, only when nobody is online', async (t) => {
  await store.register(node('kept'))
  t.equal(await store.remove('kept'), false)
  t.equal(await store.resetCluster(), false)
  await store.release({ name: 'kept', bootId: 'boot-1' })
  t.equal(await store.remove('kept'), true)
  t.equal(await store.remove('kept'), false)
  await db.query(`update atelier.nodes set lease_until = now()`)
  t.equal(await store.resetCluster(), true)
  t.match(await store.cluster({ keyFingerprint: 'new', protocol: 2 }), { keyFingerprint: 'new' })
})

t.test(
  'a lease is renewed, told apart from another start, and taken again if removed',
  async (t) => {
    const leaseOf = (changes: object = {}) =>
      new NodeLease({ store, node: node('leased', changes), listening: () => true, log: silent })
    const lease = leaseOf()
    t.equal(lease.heldFor(), 0)
    await lease.take()
    await lease.renew()
    t.ok(lease.heldFor() > 0)
    t.match(await lease.renew(), { listening: true, databaseMs: Number })
    lease.moved('http://a:2', '10.0.0.1:7')
    t.match(await lease.renew(), { url: 'http://a:2', gossipAddress: '10.0.0.1:7' })
    await t.rejects(leaseOf({ installation: 'other' }).take(), {
      name: 'JoinError',
      message: /is the node leased already.*node\.name/,
    })
    await db.query(`delete from atelier.nodes where name = 'leased'`)
    t.match(await lease.renew(), { name: 'leased', epoch: 1 }, 'an administrator had removed it')
    await leaseOf({ bootId: 'boot-2' }).take()
    await t.rejects(lease.renew(), { name: 'JoinError', message: /has taken its place/ })
  },
)
