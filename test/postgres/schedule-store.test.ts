import t from 'tap'
import { PostgresJobStore } from '../../src/postgres/job-store.ts'
import { PostgresScheduleStore } from '../../src/postgres/schedule-store.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { database, migrated } from '../fixtures/database.ts'
import { until } from '../fixtures/until.ts'
import { newJob, newSchedule, request } from '../schedules/fixtures/schedules.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresScheduleStore({ database: db })
const jobs = new PostgresJobStore({ database: db })

const DUE = new Date('2026-01-01T10:00:00Z')
const NEXT = new Date('2026-01-01T11:00:00Z')
const AHEAD = new Date('2999-01-01T00:00:00Z')

let count = 0
const newId = (): string => `id-${count++}`

async function present(id: string): Promise<Schedule> {
  const schedule = await store.get(id)
  if (schedule === undefined) throw new Error(`there is no ${id}`)
  return schedule
}

/** Runs the tick that a schedule is at. */
const run = (schedule: Schedule, changes: object = {}, mostLiving: number | null = null) =>
  store.run(
    schedule,
    NEXT,
    newJob({ id: newId(), schedule: schedule.id, tick: schedule.nextAt, ...changes }),
    mostLiving,
  )

t.test('a schedule is kept as it was made, and changed by version', async (t) => {
  const wanted = newSchedule({
    id: 'kept',
    request: request({ args: ['a\0b', 'ü'], environment: { KEY: 'secret' } }),
  })
  const made = await store.insert(wanted, null)
  t.match(made, {
    ...wanted,
    request: { args: ['a\uFFFDb', 'ü'], environment: { KEY: 'secret' } },
    lastAt: null,
    lastJob: null,
    lastProblem: null,
    attempts: 0,
    version: 1,
  })
  t.strictSame(await store.get('kept'), made)
  t.strictSame(await store.list('ann'), [made])
  t.strictSame(await store.list('bob'), [])
  const changes = {
    name: 'Other',
    cron: '5 5 * * *',
    timeZone: 'Europe/Berlin',
    missed: 'once',
    overlap: 'skip',
    enabled: false,
    request: request({ script: '/x.py', kind: 'python' }),
    nextAt: null,
  } as const
  t.equal(await store.update('kept', 7, changes), undefined, 'not of another version')
  t.match(await store.update('kept', 1, changes), { ...changes, version: 2 })
  t.equal(await store.get('other\0'), undefined)
  t.equal(await store.remove('kept'), true)
  t.equal(await store.remove('kept'), false)
})

t.test('of many at once nobody has one too many', async (t) => {
  const inserts = await Promise.allSettled(
    Array.from({ length: 10 }, () => store.insert(newSchedule({ id: newId(), user: 'many' }), 3)),
  )
  t.equal(inserts.filter(({ status }) => status === 'fulfilled').length, 3)
  for (const each of inserts) {
    if (each.status === 'rejected') t.match(each.reason, { code: 'LIMIT_REACHED' })
  }
  t.equal((await store.list('many')).length, 3)
  await t.rejects(store.insert(newSchedule({ id: newId(), user: 'none' }), 0), /no schedules/)
  await db.query('delete from atelier.schedules')
})

t.test('what is due is taken by one, and by another once that one is silent', async (t) => {
  const ids = ['due-1', 'due-2', 'due-3']
  for (const id of ids) await store.insert(newSchedule({ id }), null)
  await store.insert(newSchedule({ id: 'paused', enabled: false }), null)
  await store.insert(newSchedule({ id: 'ahead', nextAt: AHEAD }), null)
  await store.insert(newSchedule({ id: 'never', nextAt: null }), null)
  t.ok(((await store.untilDue()) ?? 0) < 0)
  const taken = await Promise.all(Array.from({ length: 5 }, () => store.claim(2, 5000)))
  const names = taken.flat().map(({ schedule }) => schedule.id)
  t.strictSame(names.toSorted(), ids, 'each by one')
  t.ok(taken.every((some) => some.length <= 2))
  for (const { now } of taken.flat()) t.ok(Math.abs(now.getTime() - Date.now()) < 60_000)
  const wait = (await store.untilDue()) ?? 0
  t.ok(wait <= 5000, `${wait} ms`)
  const again = await until(async () => {
    const due = await store.claim(10, 60_000)
    return due.length > 0 ? due : undefined
  })
  t.strictSame(again.map(({ schedule }) => schedule.id).toSorted(), ids)
  await db.query('delete from atelier.schedules')
  t.equal(await store.untilDue(), null)
})

t.test('a tick has one job, however many make it at once, and the schedule goes on', async (t) => {
  const schedule = await store.insert(newSchedule({ id: 'race' }), null)
  const made = await Promise.all(Array.from({ length: 20 }, () => run(schedule)))
  const [first, ...others] = made.flatMap((each) => (each.did === 'run' ? [each.job] : []))
  if (first === undefined) throw new Error('nobody made it')
  t.strictSame(others, [])
  t.equal(made.filter(({ did }) => did === 'nothing').length, 19)
  t.match(first, { user: 'ann', schedule: 'race', tick: DUE, state: 'Pending', version: 1 })
  t.strictSame(await jobs.list({ schedule: 'race', limit: 10 }), [first])
  t.match(await present('race'), {
    nextAt: NEXT,
    lastAt: DUE,
    lastJob: first.id,
    lastProblem: null,
    version: 2,
  })
})

t.test('a tick is made only as the schedule is, and when it is due', async (t) => {
  const schedule = await store.insert(newSchedule({ id: 'cas' }), null)
  t.match(await run({ ...schedule, version: 3 }), { did: 'nothing' })
  t.match(await run({ ...schedule, nextAt: NEXT }), { did: 'nothing' })
  t.match(await run({ ...schedule, id: 'gone' }), { did: 'nothing' })
  const ahead = await store.insert(newSchedule({ id: 'cas-ahead', nextAt: AHEAD }), null)
  t.match(await run(ahead), { did: 'nothing' }, 'by the time of the database')
  const paused = await store.insert(newSchedule({ id: 'cas-paused', enabled: false }), null)
  t.match(await run(paused), { did: 'nothing' })
  t.match(await jobs.list({ schedule: 'cas', limit: 10 }), [])
  t.match(await run(schedule), { did: 'run' })
})

t.test('a tick that has a job already gets no second one', async (t) => {
  const schedule = await store.insert(newSchedule({ id: 'again' }), null)
  t.match(await run(schedule), { did: 'run' })
  await db.query('update atelier.schedules set next_at = $1 where id = $2', [DUE, 'again'])
  const back = await present('again')
  t.match(await run(back), { did: 'exists' })
  t.equal(await store.pass(back, NEXT, null), true)
  t.match(await present('again'), { nextAt: NEXT, lastProblem: null })
})

t.test('a run while the one before goes on is left out, unless it is wanted', async (t) => {
  for (const [overlap, did] of [
    ['skip', 'overlap'],
    ['allow', 'run'],
  ] as const) {
    const schedule = await store.insert(newSchedule({ id: `overlap-${overlap}`, overlap }), null)
    const before = await run(schedule)
    if (before.did !== 'run') throw new Error('it was not run')
    await db.query('update atelier.schedules set next_at = $1 where id = $2', [
      new Date('2026-01-01T10:30:00Z'),
      schedule.id,
    ])
    t.match(await run(await present(schedule.id)), { did })
    if (did === 'run') continue
    await jobs.update(before.job.id, 1, { state: 'Lost' })
    t.match(await run(await present(schedule.id)), { did: 'run' }, 'a lost one holds up nothing')
  }
})

t.test('a drained node and a limit let nothing in, and the tick stays', async (t) => {
  await db.query(
    `insert into atelier.nodes (name, installation, boot_id, url, version, lease_until, draining)
     values ('drained', 'i', 'b', 'http://x', '1', now() + interval '1 hour', true)`,
  )
  const schedule = await store.insert(newSchedule({ id: 'closed', user: 'cat' }), null)
  await t.rejects(run(schedule, { node: 'drained', user: 'cat' }), { code: 'NO_NODE' })
  await t.rejects(run(schedule, { user: 'cat' }, 0), { code: 'LIMIT_REACHED' })
  t.strictSame(await present('closed'), schedule)
  t.match(await run(schedule, { user: 'cat' }, 1), { did: 'run' })
  const other = await store.insert(newSchedule({ id: 'closed-2', user: 'cat' }), null)
  await t.rejects(run(other, { user: 'cat' }, 1), { code: 'LIMIT_REACHED', message: /1 job/ })
})

t.test('what went wrong is noted, and forgotten once a run is made', async (t) => {
  const schedule = await store.insert(newSchedule({ id: 'noted' }), null)
  t.equal(await store.postpone({ ...schedule, version: 9 }, 1, 'x'), false)
  t.equal(await store.postpone(schedule, 300_000, 'Not yet.'), true)
  const later = await present('noted')
  t.match(later, { nextAt: DUE, attempts: 1, lastProblem: 'Not yet.', version: 2 })
  t.ok(later.lastProblemAt)
  t.notOk((await store.claim(100, 1)).some(({ schedule: { id } }) => id === 'noted'))
  t.equal(await store.pass(later, NEXT, 'Missed.'), true)
  const passed = await present('noted')
  t.match(passed, { nextAt: NEXT, attempts: 0, lastProblem: 'Missed.', version: 3 })
  t.equal(await store.pass(later, NEXT, 'Twice.'), false)
  t.match(await run(passed), { did: 'run' })
  t.match(await present('noted'), { lastProblem: null, lastProblemAt: null })
  await store.ran('noted', 'by-hand')
  t.match(await present('noted'), { lastJob: 'by-hand', lastAt: NEXT })
})

t.test('another time forgets what held up the old one', async (t) => {
  const schedule = await store.insert(newSchedule({ id: 'edited' }), null)
  await store.postpone(schedule, 300_000, 'Not yet.')
  const nextAt = new Date('2026-02-02T00:00:00Z')
  await store.update('edited', 2, { cron: '0 0 * * *', nextAt })
  t.match(await present('edited'), { nextAt, attempts: 0, lastProblem: null })
  t.ok((await store.claim(100, 1)).some(({ schedule: { id } }) => id === 'edited'))
})

t.test('each change sends a hint, and a run one of its job too', async (t) => {
  const sent: { kind: string; id: string }[] = []
  const heard = new PostgresScheduleStore({
    database: {
      query: async (text, values) => {
        if (!text.includes('pg_notify')) return db.query(text, values)
        sent.push(JSON.parse(String(values?.[1])) as { kind: string; id: string })
        throw new Error('no hints today')
      },
    },
  })
  const schedule = await heard.insert(newSchedule({ id: 'hinted' }), null)
  const job = newJob({ id: 'hinted-job', schedule: 'hinted' })
  await heard.run(schedule, NEXT, job, null)
  await heard.update('hinted', 2, { enabled: false })
  await heard.remove('hinted')
  const own = { kind: 'schedule', id: 'hinted' }
  t.strictSame(sent, [own, { kind: 'job', id: 'hinted-job', version: 1 }, own, own, own])
})

t.test('without a database every method says so', async (t) => {
  const schedule = await store.insert(newSchedule({ id: 'last' }), null)
  await server.stop()
  const calls: (() => Promise<unknown>)[] = [
    () => store.now(),
    () => store.list(),
    () => store.get('last'),
    () => store.insert(newSchedule({ id: 'no' }), null),
    () => store.update('last', 1, { enabled: false }),
    () => store.remove('last'),
    () => store.ran('last', 'j'),
    () => store.claim(1, 1),
    () => store.untilDue(),
    () => run(schedule),
    () => store.pass(schedule, NEXT, null),
    () => store.postpone(schedule, 1, 'x'),
  ]
  for (const call of calls) {
    await t.rejects(
      call().then(() => undefined),
      { code: 'DATABASE_UNAVAILABLE' },
      call.toString(),
    )
  }
})
