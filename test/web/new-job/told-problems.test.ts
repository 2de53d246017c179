import t from 'tap'
import { ApiError } from '../../../src/web/api/api.ts'
import { toldProblems } from '../../../src/web/new-job/told-problems.ts'

const FIELDS = ['args', 'webhook', 'profile', 'cron'] as const
const told = (code: string, message: string) =>
  toldProblems(new ApiError(code, 400, message), FIELDS)

t.test('what the server finds wrong is told at the fields it names', async (t) => {
  t.same(toldProblems(null, FIELDS), { fields: {}, rest: null })
  t.same(told('BAD_REQUEST', 'args.0: too long; webhook: must be an address.'), {
    fields: { args: 'Too long.', webhook: 'Must be an address.' },
    rest: null,
  })
  t.same(told('BAD_REQUEST', 'request.args: no; no.; cron: there is no such day.'), {
    fields: { args: 'No; no.', cron: 'There is no such day.' },
    rest: null,
  })
  t.same(told('PROFILE_UNKNOWN', 'There is no such profile.'), {
    fields: { profile: 'There is no such profile.' },
    rest: null,
  })
})

t.test('all else is told as it is', async (t) => {
  const message = 'A notebook takes no arguments: really; yes.'
  t.same(told('BAD_REQUEST', message), { fields: {}, rest: message })
  t.same(told('BAD_REQUEST', 'body: odd; args: no.'), {
    fields: { args: 'No.' },
    rest: 'body: odd',
  })
  t.same(told('LIMIT_REACHED', 'args: no.'), { fields: {}, rest: 'args: no.' })
  t.same(toldProblems(new Error('args: no.'), FIELDS), { fields: {}, rest: 'args: no.' })
})
