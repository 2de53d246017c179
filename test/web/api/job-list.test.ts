import { QueryClient } from '@tanstack/react-query'
import t from 'tap'
import { JOB_KEYS, JobCache } from '../../../src/web/api/job-cache.ts'
import { newerJob, withJob } from '../../../src/web/api/job-list.ts'
import { isEnded } from '../../../src/web/api/job-state.ts'
import { jobView } from '../job/job-view.ts'

t.test('an older view of a job never takes the place of a newer one', async (t) => {
  const [old, now] = [jobView({ version: 1 }), jobView({ version: 2 })]
  t.equal(newerJob(now, old), now)
  t.equal(newerJob(old, now), now)
  t.equal(newerJob(undefined, old), old)
  const fresher = jobView({ version: 2, cpuPercent: 7 })
  t.equal(newerJob(now, fresher), fresher)
})

t.test('a job that was lost has not ended', async (t) => {
  const ended = ['Finished', 'Failed', 'Killed', 'Canceled'] as const
  for (const state of ended) t.ok(isEnded(state))
  for (const state of ['Pending', 'Running', 'Suspended', 'Lost'] as const) t.notOk(isEnded(state))
})

t.test('only the page with the job is a new one', async (t) => {
  const pages = [
    { items: [jobView({ id: 'a' })], next: 'x' },
    { items: [jobView({ id: 'b' })], next: null },
  ]
  const after = withJob(pages, jobView({ id: 'b', version: 5 }))
  t.equal(after[0], pages[0])
  t.equal(after[1]?.items[0]?.version, 5)
})

t.test('what is told of a job is known wherever it is shown', async (t) => {
  const queries = new QueryClient()
  t.teardown(() => queries.clear())
  const cache = new JobCache({ queries })
  const list = { pages: [{ items: [jobView({ version: 1 })], next: null }], pageParams: [null] }
  queries.setQueryData(JOB_KEYS.list('state=Running'), list)
  const ended = jobView({ version: 2, state: 'Finished' })
  await cache.apply(ended)
  t.strictSame(cache.known('job1'), ended)
  t.strictSame(queries.getQueryData(JOB_KEYS.job('job1')), ended)
  t.match(queries.getQueryData(JOB_KEYS.list('state=Running')), {
    pages: [{ items: [{ state: 'Finished' }] }],
  })
  t.equal(
    queries.getQueryState(JOB_KEYS.list('state=Running'))?.isInvalidated,
    true,
    'the list is read again, for its filter may leave the job out now',
  )
  await cache.apply(jobView({ version: 1 }))
  t.strictSame(cache.known('job1'), ended)
  t.equal(cache.known('other'), undefined)
})
