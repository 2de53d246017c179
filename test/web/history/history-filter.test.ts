import t from 'tap'
import {
  apiQuery,
  historyFilterQuery,
  NO_HISTORY_FILTER,
  parseHistoryFilter,
} from '../../../src/web/history/history-filter.ts'

t.test('a filter is written to the address and read again', (t) => {
  const filter = {
    user: 'a b&c',
    kind: 'job',
    ide: 'rstudio',
    state: 'Failed',
    from: '2026-01-31',
    to: '2026-02-28',
  } as const
  t.strictSame(parseHistoryFilter(historyFilterQuery(filter)), filter)
  t.equal(historyFilterQuery(NO_HISTORY_FILTER), '')
  t.strictSame(
    parseHistoryFilter('kind=x&ide=emacs&state=Running&from=now&to=2026-99-99'),
    NO_HISTORY_FILTER,
  )
  t.end()
})

t.test('the API is asked for everybody only by administrators, and for whole days', (t) => {
  t.equal(apiQuery(NO_HISTORY_FILTER, false), '')
  t.equal(apiQuery({ ...NO_HISTORY_FILTER, user: 'bob' }, false), '')
  t.equal(apiQuery(NO_HISTORY_FILTER, true, { format: 'csv' }), 'user=*&format=csv')
  const asked = new URLSearchParams(
    apiQuery(
      { ...NO_HISTORY_FILTER, ide: 'vscode', kind: 'job', from: '2026-01-31', to: '2026-01-31' },
      true,
    ),
  )
  t.equal(asked.get('kind'), 'session', 'no job has an IDE')
  t.equal(asked.get('from'), new Date(2026, 0, 31).toISOString())
  t.equal(asked.get('to'), new Date(2026, 1, 1).toISOString())
  t.end()
})
