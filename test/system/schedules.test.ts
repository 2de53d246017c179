import t from 'tap'
import { PostgresJobStore } from '../../src/postgres/job-store.ts'
import { PostgresScheduleStore } from '../../src/postgres/schedule-store.ts'
import type { ScheduleJson } from '../../src/control/schedule-json.ts'
import type { JobJson } from '../../src/control/job-json.ts'
import { tickAfter } from '../../src/schedules/ticks.ts'
import { startTestCluster, type TestNode } from '../fixtures/cluster.ts'
import { JobScripts } from '../fixtures/jobs.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

const CRON = '*/2 * * * * *'
const cluster = await startTestCluster(t, {
  settings: {
    jobs: { shortest_interval_seconds: 1 },
    limits: { '*': { schedules: 3 } },
  },
})
const [one, two, three] = threeOf(cluster.nodes)
let user = await cluster.signIn(two)
const jobs = new PostgresJobStore({ database: cluster.db })
const scripts = await JobScripts.in(one.directory)
const script = await scripts.write('tick.sh', 'true')

async function create(changes: object): Promise<ScheduleJson> {
  const request = { script, name: 'tick' }
  const body = { cron: CRON, overlap: 'allow', request, ...changes }
  const answer = await user.ask<ScheduleJson>('POST', '/api/v1/schedules', body)
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

const ticksOf = async (schedule: string): Promise<readonly number[]> =>
  (await jobs.list({ schedule, limit: 500 }))
    .map(({ tick }) => tick?.getTime() ?? 0)
    .toSorted((a, b) => a - b)

/** Kills a node at the moment at which it writes the job of a tick. */
function killAtTick(node: TestNode, when: 'before' | 'after'): Promise<TestNode> {
  return new Promise((resolve) => {
    node.database.trap(
      /insert into atelier\.jobs/,
      when,
      () => void node.kill().then(() => resolve(node)),
    )
  })
}

/** Every tick has one job, from the first to the last. */
function isComplete(ticks: readonly number[]): boolean {
  return ticks.every(
    (tick, at) =>
      at === 0 ||
      tick === tickAfter({ cron: CRON, timeZone: 'UTC' }, new Date(ticks[at - 1] ?? 0))?.getTime(),
  )
}

t.test('each tick is run once, also when nodes are killed at the very tick', async (t) => {
  const { id } = await create({ name: 'Every other second' })
  await until(async () => (await ticksOf(id)).length >= 4)
  for (const when of ['before', 'after'] as const) {
    const before = (await ticksOf(id)).length
    const killed = await Promise.race([killAtTick(one, when), killAtTick(three, when)])
    for (const node of [one, three]) node.database.disarm()
    await until(async () => (await ticksOf(id)).length >= before + 5)
    await killed.start()
  }
  const paused = await user.ask<ScheduleJson>('PATCH', `/api/v1/schedules/${id}`, {
    enabled: false,
  })
  t.match(paused.body, { enabled: false, nextAt: null, lastProblem: null })
  const ticks = await ticksOf(id)
  t.ok(ticks.length >= 14, `${ticks.length} ticks`)
  t.ok(isComplete(ticks), 'none is missing and none came twice')
  await until(async () => {
    const some = await jobs.list({ schedule: id, limit: 500 })
    return some.every(({ state }) => state === 'Finished')
  })
  t.equal(await scripts.runs(script), ticks.length, 'and each of them was run once')
  t.same(await ticksOf(id), ticks, 'a paused schedule starts nothing')
  const nodes = new Set((await jobs.list({ schedule: id, limit: 500 })).map(({ node }) => node))
  t.ok(nodes.size > 1, `by placement, on ${[...nodes].join(', ')}`)
})

t.test('what was missed while no node was there is run once, or not at all', async (t) => {
  const store = new PostgresScheduleStore({ database: cluster.db })
  const yearly = { cron: '0 0 1 1 *' }
  const skipping = await create({ ...yearly, name: 'skip' })
  const catching = await create({ ...yearly, name: 'once', missed: 'once' })
  await Promise.all(cluster.nodes.map((node) => node.kill()))
  // As if that had been so for years.
  await cluster.db.query(
    `update atelier.schedules set next_at = date_trunc('year', now()) - interval '5 years' where id = any($1)`,
    [[skipping.id, catching.id]],
  )
  await two.start()
  // It answers at another port.
  user = await cluster.signIn(two)
  await until(async () => (await ticksOf(catching.id)).length === 1)
  await until(async () => ((await store.get(skipping.id))?.nextAt ?? 0) > new Date())
  const lastOf = (schedule: string) => jobs.list({ schedule, limit: 1 })
  await until(async () => (await lastOf(catching.id))[0]?.state === 'Finished')
  t.ok((await ticksOf(skipping.id)).length <= 1, 'one may be due just now')
  await one.start()
  await three.start()
  t.equal((await ticksOf(catching.id)).length, 1)
  for (const { id } of [skipping, catching]) {
    t.equal((await user.ask('DELETE', `/api/v1/schedules/${id}`)).status, 204)
    t.equal((await user.ask('GET', `/api/v1/schedules/${id}`)).status, 404)
  }
})

t.test('a schedule is checked when it is made, and run by hand', async (t) => {
  const refuse = async (changes: object, said: RegExp) => {
    const request = { script, name: 'x', ...(changes as { request?: object }).request }
    const body = { cron: '0 0 * * *', ...changes, request }
    const { body: error, status } = await user.ask('POST', '/api/v1/schedules', body)
    t.ok(status >= 400, said.source)
    t.match(JSON.stringify(error), said)
  }
  await refuse({ cron: '61 * * * *' }, /cron: is not understood/)
  await refuse({ timeZone: 'Mars/Base' }, /timeZone: there is no time zone/)
  await refuse({ request: { script: 'x.sh' } }, /absolute path/)
  await refuse({ request: { webhook: 'https://127.0.0.1/' } }, /webhook: .* not public/)
  await refuse({ request: { webhook: 'https://u:p@example.org/' } }, /user name or password/)
  await refuse({ request: { profile: 'huge' } }, /PROFILE_UNKNOWN/)

  const made = await create({
    name: 'Nightly',
    cron: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    request: { script, environment: { KEY: 'secret' } },
  })
  t.match(made, { name: 'Nightly', request: { environmentNames: ['KEY'], kind: 'shell' } })
  t.notMatch(JSON.stringify(made), /secret/)
  const renamed = await user.ask<ScheduleJson>('PATCH', `/api/v1/schedules/${made.id}`, {
    name: 'Daily',
    request: { args: ['--all'] },
  })
  t.match(renamed.body, {
    name: 'Daily',
    nextAt: made.nextAt,
    request: { args: ['--all'], environmentNames: ['KEY'], script },
  })
  const before = await scripts.runs(script)
  const job = await user.ask<JobJson>('POST', `/api/v1/schedules/${made.id}/run`)
  t.match(job, { status: 201, body: { schedule: made.id, tick: null, args: ['--all'] } })
  await until(async () => (await scripts.runs(script)) === before + 1)
  const list = await user.ask<{ items: ScheduleJson[]; most: number }>('GET', '/api/v1/schedules')
  t.match(list.body, { most: 3, shortestIntervalSeconds: 1 })
  t.match(
    list.body.items.find(({ id }) => id === made.id),
    { lastJob: job.body.id, lastAt: null },
  )
  while ((await user.ask<{ items: unknown[] }>('GET', '/api/v1/schedules')).body.items.length < 3)
    await create({ cron: '0 0 * * *' })
  await refuse({}, /LIMIT_REACHED.*You have 3 schedules/)
})
