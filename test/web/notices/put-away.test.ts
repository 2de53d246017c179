import t from 'tap'
import type { NoticeJson } from '../../../src/control/notice-json.ts'
import { toBeSeen, withPutAway } from '../../../src/web/notices/put-away.ts'

const notice = (id: string, changes: Partial<NoticeJson> = {}): NoticeJson => ({
  id,
  text: id,
  severity: 'info',
  from: '',
  until: null,
  dismissible: true,
  createdBy: 'root',
  createdAt: '',
  version: 1,
  ...changes,
})

t.test('who put a notice away does not see it again until it is changed', (t) => {
  const [a, b] = [notice('a'), notice('b')]
  const marks = withPutAway([], a)
  t.strictSame(toBeSeen([a, b], marks), [b])
  const changed = notice('a', { version: 2 })
  t.strictSame(toBeSeen([changed, b], marks), [changed, b])
  const kept = notice('a', { dismissible: false })
  t.strictSame(toBeSeen([kept], marks), [kept])
  t.end()
})

t.test('no more is remembered than is needed', (t) => {
  let marks: readonly string[] = []
  for (let n = 0; n < 500; n++) marks = withPutAway(marks, notice(String(n)))
  t.equal(marks.length, 200)
  t.equal(marks.at(-1), '499.1')
  t.strictSame(withPutAway(['a.1', 'b.1'], notice('a')), ['b.1', 'a.1'])
  t.end()
})
