import fc from 'fast-check'
import t from 'tap'
import { guessedFraction, percentAt, runInstallSteps } from '../../src/ides/install-steps.ts'

for (const [index, fraction, percent] of [
  [0, 0, 0],
  [0, 0.5, 10],
  [1, 0, 20],
  [1, 0.5, 50],
  [2, 0.5, 90],
  [2, 1, 99],
  [0, 7, 20],
  [0, -1, 0],
] as const) {
  const steps = [{ seconds: 2 }, { seconds: 6 }, { seconds: 2 }]
  t.equal(percentAt(steps, index, fraction), percent, `step ${index} at ${fraction}: ${percent} %`)
}

t.test('a guess from the time only grows, is honest at first and never says done', async (t) => {
  const time = fc.double({ min: 0, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [early, late] = a < b ? [a, b] : [b, a]
      return (
        guessedFraction(early, 10) <= guessedFraction(late, 10) && guessedFraction(late, 10) <= 1
      )
    }),
  )
  t.equal(guessedFraction(5000, 10), 0.5)
  t.ok(guessedFraction(60_000, 10) < 1)
})

t.test('progress is told from step to step and never backwards', async (t) => {
  const told: string[] = []
  await runInstallSteps(
    [
      { title: 'one', seconds: 1, run: async (tell) => [0.5, 0.1, 1].forEach(tell) },
      { title: 'two', seconds: 1, run: async (tell) => tell(0) },
    ],
    ({ step, percent }) => told.push(`${step} ${percent}`),
  )
  t.strictSame(told, ['one 0', 'one 25', 'one 25', 'one 50', 'two 50', 'two 50'])
})

t.test('what comes after a failed step is not done', async (t) => {
  let done = false
  const steps = [
    { title: 'one', seconds: 1, run: () => Promise.reject(new Error('no')) },
    { title: 'two', seconds: 1, run: async () => void (done = true) },
  ]
  await t.rejects(
    runInstallSteps(steps, () => undefined),
    { message: 'no' },
  )
  t.equal(done, false)
})
