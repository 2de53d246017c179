import t from 'tap'
import { isMeant, JOB_ACTIONS } from '../../../src/web/job-list/job-bulk.ts'
import { jobView } from '../../browser/job-scenes.ts'

const meant = (...[changes]: [Parameters<typeof jobView>[1]]) =>
  JOB_ACTIONS.filter((action) => isMeant(action, jobView('a', changes), 'alice'))

t.test('an action is for the jobs for which it makes sense', async (t) => {
  t.same(meant({ state: 'Running' }), ['stop', 'force'])
  t.same(meant({ state: 'Pending' }), ['stop', 'force'])
  t.same(meant({ state: 'Lost' }), ['stop', 'force'])
  t.same(meant({ state: 'Running', desired: 'stopped' }), ['force'], 'a stop is not asked twice')
  t.same(meant({ state: 'Running', desired: 'killed' }), [])
  t.same(meant({ state: 'Failed' }), ['again'])
  t.same(meant({ state: 'Failed', user: 'bob' }), [], "others' jobs are not run again")
})
