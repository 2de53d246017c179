import t from 'tap'
import { DEFAULT_TIMING } from '../../cluster/index.ts'
import { jittered, suspicionTimeout, syncPeriod, timingWith } from '../../cluster/timing.ts'

t.test('suspicion timeout = multiplier * max(1, log10 N) * probe interval', async (t) => {
  for (const [members, suspicionMultiplier, probeInterval, expected] of [
    [1, 4, 500, 2000],
    [3, 4, 500, 2000],
    [10, 4, 500, 2000],
    [30, 4, 500, 2954],
    [100, 4, 500, 4000],
    [1000, 4, 500, 6000],
    [10, 5, 1000, 5000],
    [100, 6, 1000, 12_000],
  ] as const) {
    t.equal(
      suspicionTimeout(members, { suspicionMultiplier, probeInterval }),
      expected,
      `${members} members, ${suspicionMultiplier} * ${probeInterval} ms`,
    )
  }
})

t.test('who is alone asks often, and large clusters exchange everything less often', async (t) => {
  for (const [members, expected] of [
    [1, 1000],
    [2, 5000],
    [32, 5000],
    [33, 10_000],
    [64, 10_000],
    [65, 15_000],
    [128, 15_000],
  ] as const) {
    t.equal(syncPeriod(members, DEFAULT_TIMING), expected, `${members} members`)
  }
})

t.test('jitter moves a time by up to a fifth', async (t) => {
  t.equal(jittered(1000, 0), 800)
  t.equal(jittered(1000, 0.5), 1000)
  t.ok(jittered(1000, 0.999_999) <= 1200)
})

t.test('timing that cannot work is refused by name', async (t) => {
  t.same(timingWith({}), DEFAULT_TIMING)
  t.throws(() => timingWith({ probeTimeout: 400 }), { message: /probeTimeout \(400\)/ })
  t.throws(() => timingWith({ syncInterval: 0 }), { message: /syncInterval must be a positive/ })
  t.throws(() => timingWith({ gossipInterval: Number.NaN }), { message: /gossipInterval/ })
})
