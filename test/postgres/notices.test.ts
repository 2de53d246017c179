import t from 'tap'
import { Notices } from '../../src/notices/notices.ts'
import { HintListener } from '../../src/postgres/hints.ts'
import { PostgresNotices } from '../../src/postgres/notices.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresNotices({ database: db })
const notice = {
  text: 'Maintenance on Friday.',
  severity: 'info',
  beginsAt: null,
  endsAt: null,
  dismissible: true,
} as const

t.test('a notice is created, changed and removed, and its version grows', async (t) => {
  const created = await store.insert('a', 'root', notice)
  t.match(created, { id: 'a', text: 'Maintenance on Friday.', createdBy: 'root', version: 1 })
  t.ok(Math.abs(created.beginsAt.getTime() - Date.now()) < 60_000)
  const endsAt = new Date('2040-01-01T00:00:00Z')
  const changed = await store.update('a', { endsAt, severity: 'critical', dismissible: false })
  t.match(changed, {
    ...notice,
    beginsAt: created.beginsAt,
    endsAt,
    severity: 'critical',
    dismissible: false,
    version: 2,
  })
  t.match(await store.update('a', { endsAt: null }), { endsAt: null, version: 3 })
  t.equal(await store.update('none', { text: 'x' }), undefined)
  t.equal(await store.remove('a'), true)
  t.equal(await store.remove('a'), false)
})

t.test('each node tells of a change at once, and of a time that comes or is over', async (t) => {
  let now = Date.now() + 1000
  const here = new Notices({ store, log: silent })
  const there = new Notices({ store, log: silent, now: () => now })
  let told = 0
  there.on('changed', () => void (told += 1))
  const nobody = { changed: () => undefined, resync: () => undefined }
  const hints = new HintListener({ config: db.config, log: silent })
  t.teardown(() => hints.close())
  let listening = false
  hints.listen({
    session: nobody,
    token: nobody,
    node: nobody,
    'sign-out': { ...nobody, resync: () => void (listening = true) },
    notice: there,
  })
  await until(() => listening)
  const { id } = await here.createNotice('root', notice)
  t.match(here.shown(), [{ id }])
  await until(() => told === 1)
  const soon = new Date(now + 3_600_000)
  await here.createNotice('root', {
    ...notice,
    text: 'Soon.',
    severity: 'critical',
    beginsAt: soon,
    endsAt: new Date(now + 7_200_000),
  })
  await until(async () => (await there.listNotices()).length === 2)
  await there.look()
  t.match(there.shown(), [{ id }])
  now += 3_700_000
  await until(async () => {
    there.resync()
    await there.look()
    return told === 2
  })
  t.match(
    there.shown().map(({ text }) => text),
    ['Soon.', 'Maintenance on Friday.'],
    'the worst first',
  )
  now += 3_700_000
  await there.look()
  t.equal(told, 3)
  await here.changeNotice(id, { text: 'Changed.' })
  await until(() => told === 4)
  t.match(there.shown(), [{ text: 'Changed.', version: 2 }])
  await here.removeNotice(id)
  await until(() => told === 5)
  t.strictSame(there.shown(), [])
})

t.test('what cannot be is refused', async (t) => {
  const notices = new Notices({ store, log: silent })
  const past = { ...notice, endsAt: new Date(Date.now() - 1000) }
  await t.rejects(notices.createNotice('root', past), { code: 'BAD_REQUEST' })
  const { id } = await notices.createNotice('root', notice)
  await t.rejects(notices.changeNotice(id, { endsAt: new Date(0) }), { code: 'BAD_REQUEST' })
  await t.rejects(notices.changeNotice('none', {}), { code: 'NOTICE_NOT_FOUND' })
  await t.rejects(notices.removeNotice('none'), { code: 'NOTICE_NOT_FOUND' })
})
