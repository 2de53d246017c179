import t from 'tap'
import { jobNewsOf } from '../../../src/web/live/job-news.ts'
import { jobView } from '../../browser/job-scenes.ts'

const NOW = Date.now()
const running = jobView('a', { state: 'Running', endedAt: null })
const ended = (changes: Parameters<typeof jobView>[1]) =>
  jobView('a', { endedAt: new Date(NOW - 1000).toISOString(), ...changes })

t.test('the end of a job is told', async (t) => {
  const news = jobNewsOf(running, ended({ state: 'Finished' }), NOW)
  t.match(news, { title: 'a.R has finished', url: '/jobs/a', isGood: true, body: /It ran for/ })
  const failed = ended({ state: 'Failed', exitCode: 1, reason: 'It ended with exit code 1.' })
  t.match(jobNewsOf(running, failed, NOW), { title: 'a.R failed', isGood: false, body: /code 1/ })
  const odd = ended({ state: 'Finished', exitCode: 3 })
  t.match(jobNewsOf(running, odd, NOW), { isGood: false }, 'another exit code is no good news')
  t.match(jobNewsOf(undefined, ended({}), NOW), { isGood: true }, 'also of one not seen before')
})

t.test('what is no news is not told', async (t) => {
  t.equal(jobNewsOf(undefined, jobView('a'), NOW), null, 'an end of an hour ago')
  t.equal(jobNewsOf(undefined, running, NOW), null)
  t.equal(jobNewsOf(ended({}), ended({ outputRemovedAt: 'x' }), NOW), null)
  t.equal(jobNewsOf(running, ended({ state: 'Killed', desired: 'stopped' }), NOW), null)
})

t.test('that a job is lost, or back, is told', async (t) => {
  const lost = { ...running, state: 'Lost' } as const
  t.match(jobNewsOf(running, lost, NOW), { title: 'a.R is lost', isGood: false })
  t.match(jobNewsOf(lost, running, NOW), { title: 'a.R is back', isGood: true })
})
