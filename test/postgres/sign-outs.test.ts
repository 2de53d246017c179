import t from 'tap'
import { HintListener } from '../../src/postgres/hints.ts'
import { PostgresSignOuts } from '../../src/postgres/sign-outs.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const db = await migrated(t, await database(t))
const store = new PostgresSignOuts({ database: db })
const ids = async (seconds?: number) => (await store.list(seconds)).map(({ id }) => id).sort()

t.test('a sign-out is found as it was written, and written once', async (t) => {
  const now = Date.now()
  const one = { id: 'one', user: 'ann', before: null, expiresAt: now + DAY }
  const all = { id: 'all', user: 'ann', before: now + 1, expiresAt: now + 2 * DAY }
  for (const each of [one, all, { ...one, user: 'eve' }]) await store.insert(each)
  t.strictSame(await store.find('one'), one)
  t.strictSame(await store.find('all'), all)
  t.equal(await store.find('none'), undefined)
  t.strictSame(await ids(), ['all', 'one'])
})

t.test('it is told to the other nodes', async (t) => {
  const heard: string[] = []
  let resyncs = 0
  const nothing = { changed: () => undefined, resync: () => undefined }
  const hints = new HintListener({ config: db.config, log: silent })
  t.teardown(() => hints.close())
  hints.listen({
    session: nothing,
    token: nothing,
    node: nothing,
    notice: nothing,
    'sign-out': { changed: (id) => void heard.push(id), resync: () => void (resyncs += 1) },
  })
  await until(() => resyncs === 1)
  await store.insert({ id: 'told', user: 'ann', before: null, expiresAt: Date.now() + DAY })
  await until(() => heard.length > 0)
  t.strictSame(heard, ['told'])
})

t.test('the last ones are read by themselves, and those of ended cookies never', async (t) => {
  await db.query(`update atelier.sign_outs set written_at = now() - interval '1 hour'`)
  await store.insert({ id: 'late', user: 'ann', before: null, expiresAt: Date.now() + DAY })
  t.strictSame(await ids(600), ['late'])
  t.strictSame(await ids(), ['all', 'late', 'one', 'told'])
  await db.query(
    `update atelier.sign_outs set expires_at = now() - interval '25 hours' where id = 'one'`,
  )
  t.strictSame(await ids(), ['all', 'late', 'told'])
  await store.insert({ id: 'next', user: 'ann', before: null, expiresAt: Date.now() + DAY })
  t.equal(await store.find('one'), undefined, 'and are removed')
})
