import t from 'tap'
import { csvLine, HISTORY_CSV_HEAD, historyCsv } from '../../src/control/history-csv.ts'
import { historyJson, useJson } from '../../src/control/history-json.ts'
import { noticeBody, noticeChanges } from '../../src/control/notice-json.ts'
import { askedUser, requireAdministrator } from '../../src/control/others-sessions.ts'
import type { HistoryEntry } from '../../src/history/history-entry.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))
const entry: HistoryEntry = {
  kind: 'session',
  id: 'a',
  run: 'a.1',
  user: 'ann',
  name: 'thesis',
  ide: 'vscode',
  jobKind: null,
  node: 'n1',
  profile: null,
  createdAt: at(0),
  startedAt: at(1),
  endedAt: at(31),
  state: 'Stopped',
  reason: null,
  exitCode: null,
  cpuSeconds: 12.5,
  peakMemoryBytes: 2 ** 30,
}

t.test('no cell of a spreadsheet is a formula, and every one stays in its place', (t) => {
  for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|cmd', '%x', '＝1']) {
    const line = csvLine([evil, 'next'])
    t.match(line, /^"'/, JSON.stringify(evil))
    t.ok(line.endsWith(',next\r\n'))
  }
  t.equal(
    csvLine(['a,b', 'say "x"', 'two\nlines', null, 1.5, -3]),
    '"a,b","say ""x""","two\nlines",,1.5,-3\r\n',
  )
  t.equal(csvLine(['plain', 'a-b', 'x=y']), 'plain,a-b,x=y\r\n')
  t.end()
})

t.test('a run is told with how long it ran, from when it could be used', (t) => {
  t.match(historyJson(entry), { seconds: 1800, startedAt: at(1).toISOString(), run: 'a.1' })
  t.equal(historyJson({ ...entry, startedAt: null }).seconds, 0)
  const columns = HISTORY_CSV_HEAD.trimEnd().split(',')
  const cells = historyCsv(historyJson(entry)).trimEnd().split(',')
  t.equal(cells.length, columns.length)
  t.equal(cells[columns.indexOf('seconds')], '1800')
  t.equal(cells[columns.indexOf('peakMemoryBytes')], String(2 ** 30))
  const use = { count: 1, seconds: 1.4, cpuSeconds: 2.6 }
  t.match(useJson({ session: use, job: use }, at(0), at(1)), {
    sessions: { seconds: 1, cpuSeconds: 3 },
  })
  t.end()
})

t.test('others’ history is for administrators with the scope for it', (t) => {
  const ann = { user: 'ann', role: 'user', scopes: ['read', 'admin'] } as const
  t.equal(askedUser(ann), 'ann')
  t.equal(askedUser(ann, 'ann'), 'ann')
  t.throws(() => askedUser(ann, 'bob'), { code: 'ADMINISTRATORS_ONLY' })
  t.throws(() => askedUser(ann, '*'), { code: 'ADMINISTRATORS_ONLY' })
  const root = { ...ann, role: 'administrator' } as const
  t.equal(askedUser(root, 'bob'), 'bob')
  t.equal(askedUser(root, '*'), undefined)
  t.throws(() => askedUser({ ...root, scopes: ['read'] }, '*'), { code: 'FORBIDDEN_SCOPE' })
  t.throws(() => requireAdministrator(ann), { code: 'ADMINISTRATORS_ONLY' })
  t.end()
})

t.test('a notice is plain text with lines, and nothing else in it', (t) => {
  t.match(noticeBody.parse({ text: ' two\nlines ' }), {
    text: 'two\nlines',
    severity: 'info',
    from: null,
    until: null,
    dismissible: true,
  })
  for (const text of ['', '  ', 'a\u0000b', 'a\u001b[31m', 'x'.repeat(1001), '\ud800']) {
    t.equal(noticeBody.safeParse({ text }).success, false, JSON.stringify(text.slice(0, 9)))
  }
  t.equal(noticeBody.safeParse({ text: 'x', severity: 'fatal' }).success, false)
  t.equal(noticeBody.safeParse({ text: 'x', html: true }).success, false)
  t.match(
    noticeBody.parse({ text: 'x', until: '2026-01-01T10:00:00+02:00' }).until,
    new Date('2026-01-01T08:00:00Z'),
  )
  t.strictSame(noticeChanges.parse({ until: null }), { until: null })
  t.end()
})
