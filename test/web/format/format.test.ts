import t from 'tap'
import { formatAgo, formatElapsed, formatMs } from '../../../src/web/format/format-time.ts'
import {
  formatBytes,
  formatBytesOf,
  formatPercent,
  formatPercentOf,
} from '../../../src/web/format/format-usage.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

t.test('ages are told in their largest unit', async (t) => {
  const cases: [ms: number, text: string][] = [
    [-5 * MINUTE, 'just now'],
    [9.9 * SECOND, 'just now'],
    [10 * SECOND, '10 s ago'],
    [MINUTE - 1, '59 s ago'],
    [MINUTE, '1 min ago'],
    [HOUR - 1, '59 min ago'],
    [HOUR, '1 h ago'],
    [DAY - 1, '23 h ago'],
    [DAY, '1 day ago'],
    [400 * DAY, '400 days ago'],
  ]
  for (const [ms, text] of cases) t.equal(formatAgo(ms), text)
})

t.test('elapsed time is told to the second, later to the minute', async (t) => {
  const cases: [ms: number, text: string][] = [
    [-1, '0 s'],
    [12_900, '12 s'],
    [65 * SECOND, '1 min 5 s'],
    [HOUR, '1 h 0 min'],
    [2 * HOUR + 3 * MINUTE, '2 h 3 min'],
  ]
  for (const [ms, text] of cases) t.equal(formatElapsed(ms), text)
})

t.test('memory is told in binary units', async (t) => {
  const cases: [bytes: number, text: string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [512 * 2 ** 20, '512 MiB'],
    [1023.7 * 2 ** 20, '1.0 GiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [9.97 * 2 ** 30, '10 GiB'],
    [5000 * 2 ** 40, '5000 TiB'],
  ]
  for (const [bytes, text] of cases) t.equal(formatBytes(bytes), text)
})

t.test('a little work is not shown as none', async (t) => {
  t.equal(formatPercent(0), '0 %')
  t.equal(formatPercent(0.2), '< 1 %')
  t.equal(formatPercent(142.4), '142 %')
})

t.test('what is used is told with its limit', async (t) => {
  const GIB = 2 ** 30
  t.equal(formatBytesOf(1.2 * GIB, 4 * GIB), '1.2 of 4 GiB')
  t.equal(formatBytesOf(300 * 2 ** 20, 1.5 * GIB), '300 MiB of 1.5 GiB')
  t.equal(formatBytesOf(0, 700 * 2 ** 20), '0 B of 700 MiB')
  t.equal(formatBytesOf(GIB, null), '1.0 GiB')
  t.equal(formatPercentOf(142.4, 4), '142 of 400 %')
  t.equal(formatPercentOf(0.2, 0.5), '< 1 of 50 %')
  t.equal(formatPercentOf(3, null), '3 %')
})

t.test('a round trip is told as finely as it matters', async (t) => {
  const cases: [ms: number, text: string][] = [
    [0.2, '< 1 ms'],
    [1, '1 ms'],
    [2.44, '2.4 ms'],
    [9.97, '10 ms'],
    [412.4, '412 ms'],
  ]
  for (const [ms, text] of cases) t.equal(formatMs(ms).replaceAll('\u00a0', ' '), text)
})
