import t from 'tap'
import { JOB_STATES } from '../../../src/jobs/workbench-job.ts'
import {
  filterQuery,
  isHiding,
  listQueries,
  NO_FILTER,
  parseFilter,
  type JobFilter,
} from '../../../src/web/job-list/job-filter.ts'

const NOW = Date.parse('2026-11-25T12:00:00Z')

t.test('a filter is written into the address and read again', async (t) => {
  const filter: JobFilter = {
    text: 'a & b',
    state: 'Failed',
    cluster: 'hpc',
    days: 7,
    schedule: 's1',
    user: '*',
  }
  t.same(parseFilter(filterQuery(filter)), filter)
  t.equal(filterQuery(NO_FILTER), '')
  t.same(parseFilter('state=nonsense&days=3&cluster=&again=x'), NO_FILTER)
  t.notOk(isHiding({ ...NO_FILTER, user: '*', text: ' ' }), 'whose they are is no filter')
  t.ok(isHiding({ ...NO_FILTER, schedule: 's1' }))
})

t.test('what runs is asked for apart from what has ended', async (t) => {
  const asked = listQueries(NO_FILTER, NOW)
  const states = [asked.living, asked.ended].map((query) =>
    new URLSearchParams(query ?? '').get('state')?.split(','),
  )
  t.same(states, [
    ['Pending', 'Running', 'Suspended', 'Lost'],
    ['Finished', 'Failed', 'Killed', 'Canceled'],
  ])
  t.same(new Set(states.flat()), new Set(JOB_STATES), 'none is left out')
  t.equal(listQueries({ ...NO_FILTER, state: 'running' }, NOW).ended, null)
  const failed = listQueries({ ...NO_FILTER, state: 'Failed', days: 1, text: ' x ' }, NOW)
  t.equal(failed.living, null)
  t.match(Object.fromEntries(new URLSearchParams(failed.ended ?? '')), {
    state: 'Failed',
    q: 'x',
    from: '2026-11-24T12:00:00.000Z',
  })
})
