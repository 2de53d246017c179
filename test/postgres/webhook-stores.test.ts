import t from 'tap'
import { PostgresDeliveryStore } from '../../src/postgres/delivery-store.ts'
import { PostgresJobStore } from '../../src/postgres/job-store.ts'
import { PostgresWebhookSecrets } from '../../src/postgres/webhook-secrets.ts'
import type { Delivery } from '../../src/webhooks/delivery-store.ts'
import { database, migrated } from '../fixtures/database.ts'
import { until } from '../fixtures/until.ts'
import { newJob } from '../schedules/fixtures/schedules.ts'

const server = await database(t)
const db = await migrated(t, server)
const jobs = new PostgresJobStore({ database: db })
const store = new PostgresDeliveryStore({ database: db })
const url = 'https://hooks.example.org/x'

/** Inserts a job and ends it. */
async function ended(id: string, webhook: string | null = url): Promise<void> {
  await jobs.insert(newJob({ id, schedule: null, tick: null, webhook }))
  await jobs.update(id, 1, { state: 'Running' })
  await jobs.update(id, 2, { state: 'Finished', exitCode: 0 })
}

t.test('the end of a job adds its delivery, once, and nothing else does', async (t) => {
  await jobs.insert(newJob({ id: 'living', schedule: null, tick: null, webhook: url }))
  await jobs.update('living', 1, { state: 'Running' })
  await jobs.update('living', 2, { state: 'Lost' })
  t.strictSame(await store.ofJob('living'), [], 'a lost one has not ended')
  await jobs.update('living', 3, { state: 'Failed' })
  const [delivery, ...others] = await store.ofJob('living')
  t.match(delivery, { user: 'ann', url, state: 'waiting', attempts: 0, tries: [] })
  t.match(delivery?.id, /^msg_[0-9a-f]{32}$/)
  t.strictSame(others, [])
  await jobs.update('living', 4, { outputBytes: 5 })
  t.strictSame(await store.ofJob('living'), [delivery], 'what comes after the end adds none')
  await ended('silent', null)
  t.strictSame(await store.ofJob('silent'), [])
  await db.query("delete from atelier.jobs where id = 'living'")
  t.strictSame(await store.ofJob('living'), [], 'it goes with its job')
})

t.test('each delivery is taken by one at a time, and again after its hold', async (t) => {
  for (const id of ['a', 'b', 'c']) await ended(id)
  const taken = (await Promise.all([1, 2, 3, 4, 5].map(() => store.claim(2, 5000)))).flat()
  t.strictSame(taken.map(({ job }) => job).toSorted(), ['a', 'b', 'c'])
  t.ok(taken.every(({ attempts }) => attempts === 1))
  const [first] = taken
  if (first === undefined) throw new Error('none was taken')
  const told = { at: new Date(0).toISOString(), status: 500, problem: 'It failed.' }
  await store.retry(first, 3_600_000, told)
  t.match(await store.ofJob(first.job), [{ id: first.id, state: 'waiting', tries: [told] }])
  const again: Delivery[] = []
  await until(async () => again.push(...(await store.claim(10, 60_000))) >= 2)
  const silent = taken.map(({ job }) => job).filter((job) => job !== first.job)
  t.strictSame(again.map(({ job }) => job).toSorted(), silent.toSorted(), 'not the one that waits')
  const [second] = again
  if (second === undefined) throw new Error('none was taken')
  t.equal(second.attempts, 2)
  await store.finish({ ...second, attempts: 1 }, 'failed', told)
  t.match(await store.ofJob(second.job), [{ state: 'waiting' }], 'who was too slow is not heard')
  await store.finish(second, 'delivered', { ...told, status: 204, problem: null })
  await store.finish(second, 'failed', told)
  t.match(await store.ofJob(second.job), [{ state: 'delivered', tries: [{ status: 204 }] }])
  const wait = (await store.untilDue()) ?? 0
  t.ok(wait > 0 && wait <= 60_000, `${wait} ms`)
})

t.test('a secret is made once, and replaced with its forerunner for a day', async (t) => {
  const secrets = new PostgresWebhookSecrets({ database: db })
  const made = await Promise.all([1, 2, 3].map(() => secrets.of('ann')))
  t.equal(new Set(made.map(({ seed }) => seed)).size, 1)
  t.equal(made[0]?.before, null)
  const replaced = await secrets.replace('ann')
  t.not(replaced.seed, made[0]?.seed)
  t.equal(replaced.before, made[0]?.seed)
  t.match(await secrets.of('ann'), replaced)
  await db.query("update atelier.webhook_secrets set made_at = now() - interval '25 hours'")
  t.match(await secrets.of('ann'), { seed: replaced.seed, before: null })
  t.match(await secrets.replace('bob'), { before: null })
})
