import t from 'tap'
import { formatLeft, parseDuration, parseMoment } from '../../src/cli/keep-time.ts'

const NOW = new Date(2026, 10, 23, 15, 30)

t.test('durations and moments as people type them', async (t) => {
  for (const [text, ms] of [
    ['90m', 5_400_000],
    ['4h', 14_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
  ] as const) {
    t.equal(parseDuration(text), ms)
  }
  for (const wrong of ['', '4', 'h', '0h', '-1h', '4 h', '4w']) {
    t.throws(() => parseDuration(wrong), { message: 'Say it as 90m, 4h or 2d.' }, wrong)
  }
  t.same(parseMoment('18:00', NOW), new Date(2026, 10, 23, 18))
  t.same(parseMoment('9:05', NOW), new Date(2026, 10, 24, 9, 5), 'the next one')
  t.same(parseMoment('2026-11-25T18:00', NOW), new Date(2026, 10, 25, 18))
  t.same(parseMoment('2026-11-25T18:00:00Z', NOW), new Date('2026-11-25T18:00:00Z'))
  for (const wrong of ['', '24:00', '18', 'tomorrow', '2026-13-01T10:00', '2026-11-25']) {
    t.throws(() => parseMoment(wrong, NOW), { message: /^Say it as 18:00/ }, wrong)
  }
})

t.test('what is left is never told as more than it is', async (t) => {
  for (const [minutes, text] of [
    [-1, '0m'],
    [0.5, '0m'],
    [59.9, '59m'],
    [60, '1h'],
    [47 * 60, '47h'],
    [72 * 60 - 1, '2d'],
  ] as const) {
    t.equal(formatLeft(minutes * 60_000), text)
  }
})
