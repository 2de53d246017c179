import t from 'tap'
import { JobReader } from '../../src/jobs/job-reader.ts'
import { LivingJobs } from '../../src/jobs/living-jobs.ts'
import type { WorkbenchJob } from '../../src/jobs/workbench-job.ts'
import { workbenchJob } from '../fixtures/job.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const job = (version: number, changes: Partial<WorkbenchJob> = {}) =>
  workbenchJob({ version, ...changes })

t.test('news is told once, and late news not at all', async (t) => {
  const living = new LivingJobs()
  const told: string[] = []
  living.on('changed', ({ state, version }, before) => {
    told.push(`${before?.version ?? '-'} ${version} ${state}`)
  })
  living.apply([job(1), job(3, { state: 'Running' }), job(2), job(3)])
  living.apply([job(5, { state: 'Finished' })])
  living.apply([job(4, { state: 'Running' }), job(5, { state: 'Finished' })])
  t.same(told, ['- 1 Pending', '1 3 Running', '3 5 Finished'])
  t.same(living.all(), [])
  living.apply([job(6, { state: 'Finished', outputBytes: 1 })])
  t.equal(told.at(-1), '- 6 Finished', 'what changes of one that has ended is told, too')
})

t.test('the jobs of a user are counted by whether they were handed over', async (t) => {
  const living = new LivingJobs()
  const submittedAt = new Date()
  living.apply([
    job(1, { id: 'a' }),
    job(1, { id: 'b', submittedAt }),
    job(1, { id: 'c', submittedAt, state: 'Lost' }),
    job(1, { id: 'd', submittedAt, user: 'bob' }),
  ])
  t.same([living.running('ann'), living.waiting('ann'), living.waiting('bob')], [2, 1, 0])
  living.remove('b')
  t.equal(living.running('ann'), 1)
})

t.test('how a job has ended is read although its hint was lost', async (t) => {
  const table = new Map<string, WorkbenchJob>([
    ['a', job(1, { id: 'a' })],
    ['b', job(1, { id: 'b' })],
  ])
  const store = {
    fails: 0,
    async living() {
      if (this.fails-- > 0) throw new Error('the database is away')
      return [...table.values()].filter(({ state }) => state !== 'Finished')
    },
    async some(ids: readonly string[]) {
      return ids.flatMap((id) => table.get(id) ?? [])
    },
  }
  const living = new LivingJobs()
  const reader = new JobReader({ store, living, log: silent })
  await reader.readAll()
  t.equal(living.all().length, 2)
  const ended: string[] = []
  living.on('changed', ({ id, state }) => ended.push(`${id} ${state}`))
  table.set('a', job(2, { id: 'a', state: 'Finished' }))
  table.delete('b')
  table.set('c', job(1, { id: 'c' }))
  store.fails = 1
  reader.resync()
  reader.changed('c')
  await until(() => living.get('c'))
  await until(() => living.all().length === 1)
  t.same([...new Set(ended)].sort(), ['a Finished', 'c Pending'])
  await reader.stop()
})
