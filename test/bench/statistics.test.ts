import t from 'tap'
import { median, percentile, spread } from '../../bench/report/statistics.ts'

t.test('a percentile is the value of its nearest rank', async (t) => {
  const hundred = Array.from({ length: 100 }, (_none, index) => 100 - index)
  const cases: [values: readonly number[], percent: number, expected: number][] = [
    [hundred, 50, 50],
    [hundred, 99, 99],
    [hundred, 100, 100],
    [hundred, 0, 1],
    [[7], 99, 7],
    [[1, 2, 3, 4], 50, 2],
    [[1, 2, 10], 99, 10],
  ]
  for (const [values, percent, expected] of cases) {
    t.equal(percentile(values, percent), expected, `p${percent} of ${values.length}`)
  }
  t.ok(Number.isNaN(percentile([], 50)))
  t.equal(hundred[0], 100, 'the values stay as they are')
})

t.test('a median is the value in the middle, whatever their order', async (t) => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([10, 4, 1, 3]), 3.5)
  t.ok(Number.isNaN(median([])))
})

t.test('the spread is half of the range against the median', async (t) => {
  t.equal(spread([90, 100, 110]), 0.1)
  t.equal(spread([5]), 0)
})
