import t from 'tap'
import { THINNINGS } from '../../src/history/cluster-sample.ts'
import { connectDatabase } from '../../src/postgres/connect.ts'
import { PostgresLivingStore } from '../../src/postgres/living-store.ts'
import { PostgresSampleStore } from '../../src/postgres/sample-store.ts'
import { KeepHistory } from '../../src/tasks/keep-history.ts'
import { TakeSample } from '../../src/tasks/take-sample.ts'
import { TaskDriver } from '../../src/tasks/task-driver.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const server = await database(t)
const db = await migrated(t, server)
const samples = new PostgresSampleStore({ database: db })
const living = new PostgresLivingStore({ database: db })
const EVER = new Date('2020-01-01T00:00:00Z')
const LATER = new Date('2040-01-01T00:00:00Z')

await db.query(`insert into atelier.nodes (name, installation, boot_id, url, version, lease_until, lost_at)
  values ('n1', 'i', 'b', 'u', 'v', now() + interval '1 hour', null), ('n2', 'i', 'b', 'u', 'v', now() + interval '1 hour', null),
         ('out', 'i', 'b', 'u', 'v', now() - interval '1 s', null), ('lost', 'i', 'b', 'u', 'v', now() + interval '1 hour', now())`)
await db.query(`insert into atelier.sessions (id, user_name, ide, node, state)
  values ('a', 'ann', 'vscode', 'n1', 'Active'), ('b', 'ann', 'vscode', 'n1', 'Active'), ('c', 'bob', 'rstudio', 'n2', 'Idle'),
         ('d', 'cyd', 'rstudio', 'n2', 'Lost'), ('e', 'dan', 'rstudio', 'n2', 'Stopped')`)
await db.query(`insert into atelier.jobs (id, user_name, name, kind, node, state)
  values ('j', 'ann', 'j', 'r', 'n1', 'Running'), ('k', 'eve', 'k', 'r', 'n1', 'Pending'), ('l', 'fay', 'l', 'r', 'n1', 'Finished')`)
await living.note([
  { kind: 'session', id: 'a', epoch: 1, cpuPercent: 40, memoryBytes: 5e9, cpuSeconds: 1 },
  { kind: 'session', id: 'c', epoch: 1, cpuPercent: 10, memoryBytes: 1e9, cpuSeconds: 1 },
  { kind: 'session', id: 'e', epoch: 1, cpuPercent: 99, memoryBytes: 9e9, cpuSeconds: 1 },
  { kind: 'job', id: 'j', epoch: 1, cpuPercent: 200, memoryBytes: 2e9, cpuSeconds: 1 },
])

t.test('a sample counts what lives, and of many takers at once one writes it', async (t) => {
  const takers = Array.from({ length: 20 }, () => samples.take(3600))
  t.equal((await Promise.all(takers)).filter(Boolean).length, 1)
  const found = await samples.between(EVER, LATER, 3600)
  t.equal(found.length, 1)
  t.match(found[0], {
    sessionsStarting: 0,
    sessionsActive: 2,
    sessionsIdle: 1,
    sessionsLost: 1,
    jobsRunning: 1,
    jobsPending: 1,
    users: 2,
    nodes: 2,
    sessionCpuPercent: 50,
    sessionMemoryBytes: 6e9,
    jobCpuPercent: 200,
    jobMemoryBytes: 2e9,
  })
})

t.test('an empty cluster has samples too', async (t) => {
  await db.query(`update atelier.sessions set state = 'Stopped'`)
  await db.query(`update atelier.jobs set state = 'Finished'`)
  await db.query('delete from atelier.samples')
  t.equal(await samples.take(3600), true)
  t.match(await samples.between(EVER, LATER, 3600), [{ sessionsActive: 0, users: 0, nodes: 2 }])
})

t.test('however many nodes there are, each span has one sample and none is left out', async (t) => {
  await db.query('delete from atelier.samples')
  const connections = await Promise.all(
    Array.from({ length: 4 }, () =>
      connectDatabase({ source: server.connection, applicationName: 'node', log: silent }),
    ),
  )
  const drivers = connections.map((database) => {
    const store = new PostgresSampleStore({ database })
    return new TaskDriver({ log: silent, tasks: [new TakeSample({ samples: store, seconds: 1 })] })
  })
  for (const driver of drivers) driver.start()
  const count = async () => (await samples.between(EVER, LATER, 1)).length
  await until(async () => (await count()) >= 5)
  await Promise.all(drivers.map((driver) => driver.stop()))
  const rows = await db.query<{ at: Date }>('select at from atelier.samples order by at')
  const times = rows.map(({ at }) => at.getTime())
  t.ok(times.length >= 5)
  t.equal(new Set(times).size, times.length, 'one for each second')
  t.ok(times.every((ms) => ms % 1000 === 0))
  await Promise.all(connections.map((database) => database.close()))
})

t.test(
  'old samples are gathered to quarters of an hour, then to hours, and keep their means',
  async (t) => {
    await db.query('delete from atelier.samples')
    await db.query(`insert into atelier.samples (seconds, at, users, job_memory_bytes)
    select 60, at, extract(minute from at) :: real, 1e9 from generate_series(
      date_trunc('hour', now()) - interval '15 days', date_trunc('hour', now()), interval '1 minute') as at`)
    const [before] = await db.query<{ mean: number }>(
      'select avg(users)::float8 as mean from atelier.samples',
    )
    const task = new KeepHistory({ samples, history: { prune: async () => 0 }, days: () => 30 })
    await Promise.all([task.activate(), task.activate(), task.activate()])
    await task.activate()
    const kinds = await db.query<{ seconds: number; count: number; oldest: Date }>(
      'select seconds, count(*)::int as count, min(at) as oldest from atelier.samples group by 1 order by 1',
    )
    t.strictSame(
      kinds.map(({ seconds }) => seconds),
      [60, 900, 3600],
    )
    const [minutes, quarters, hours] = kinds.map(({ count }) => count)
    t.ok((minutes ?? 0) >= 2 * 1440 - 60 && (minutes ?? 0) <= 2 * 1440 + 15, `${minutes} minutes`)
    t.ok((quarters ?? 0) >= 12 * 96 - 4 && (quarters ?? 0) <= 12 * 96 + 4, `${quarters} quarters`)
    t.ok((hours ?? 0) >= 23 && (hours ?? 0) <= 25, `${hours} hours`)
    const [after] = await db.query<{ mean: number; memory: number }>(
      `select sum(users * seconds) / sum(seconds) as mean, sum(job_memory_bytes * seconds) / sum(seconds) as memory
     from atelier.samples`,
    )
    t.ok(Math.abs((after?.mean ?? 0) - (before?.mean ?? 1)) < 0.01)
    t.ok(Math.abs((after?.memory ?? 0) - 1e9) < 1)
    const whole = await samples.between(EVER, LATER, 86_400)
    t.ok(whole.length >= 15 && whole.length <= 17)
    for (const day of whole.slice(1, -1)) t.ok(Math.abs(day.users - 29.5) < 0.01)
    await samples.prune(10)
    const [first] = await samples.between(EVER, LATER, 3600)
    t.ok((first?.at.getTime() ?? 0) > Date.now() - 10.1 * 86_400_000)
    t.equal(THINNINGS.length, 2)
  },
)

t.test(
  'users and what lives are told with what they use, and only fresh measurements count',
  async (t) => {
    await db.query(`update atelier.sessions set state = 'Active' where id in ('a', 'c')`)
    await db.query(`update atelier.jobs set state = 'Running' where id = 'j'`)
    await db.query(`update atelier.jobs set state = 'Pending' where id = 'k'`)
    await db.query(`update atelier.usage set at = now() - interval '2 minutes' where id = 'c'`)
    t.match(await living.totals(), {
      users: 3,
      sessions: 2,
      jobs: 1,
      waiting: 1,
      cpuPercent: 240,
      memoryBytes: 7e9,
    })
    t.match(await living.users(10), [
      { user: 'ann', sessions: 1, jobs: 1, waiting: 0, cpuPercent: 240 },
      { user: 'bob', sessions: 1, jobs: 0, cpuPercent: 0 },
      { user: 'eve', sessions: 0, jobs: 0, waiting: 1 },
    ])
    t.equal((await living.list({ limit: 3 })).length, 3)
    const [bobs] = await living.list({ user: 'bob', limit: 3 })
    t.match(bobs, {
      kind: 'session',
      id: 'c',
      what: 'rstudio',
      cpuPercent: null,
      memoryBytes: null,
    })
  },
)
