import fc from 'fast-check'
import t from 'tap'
import { GRACE_MS, nextTick } from '../../src/schedules/next-tick.ts'
import { afterRefusal } from '../../src/schedules/refusal.ts'
import { tickAfter } from '../../src/schedules/ticks.ts'

const at = (time: string) => new Date(`2026-01-01T${time}Z`)
const schedule = {
  cron: '*/10 * * * *',
  timeZone: 'UTC',
  missed: 'skip',
  enabled: true,
  nextAt: at('10:00:00'),
  attempts: 0,
} as const
const once = { ...schedule, missed: 'once' } as const

t.test('a tick is run when it is due, and not before', async (t) => {
  t.strictSame(nextTick(schedule, at('09:59:59.999')), { do: 'wait' })
  const run = { do: 'run', tick: at('10:00:00'), next: at('10:10:00') }
  for (const late of ['10:00:00', '10:00:03.456', '10:01:00']) {
    t.strictSame(nextTick(schedule, at(late)), run, late)
    t.strictSame(nextTick(once, at(late)), run, late)
  }
})

t.test('a paused schedule, and one that never comes again, wait', async (t) => {
  t.strictSame(nextTick({ ...schedule, enabled: false }, at('12:00:00')), { do: 'wait' })
  t.strictSame(nextTick({ ...schedule, nextAt: null }, at('12:00:00')), { do: 'wait' })
})

t.test('missed ticks are passed over by "skip", up to the first that is not missed', async (t) => {
  t.strictSame(nextTick(schedule, at('10:01:00.001')), { do: 'pass', next: at('10:10:00') })
  t.strictSame(nextTick(schedule, at('10:25:00')), { do: 'pass', next: at('10:30:00') })
  t.strictSame(nextTick(schedule, at('10:30:59')), { do: 'pass', next: at('10:30:00') })
  t.strictSame(nextTick(schedule, at('10:31:00')), { do: 'pass', next: at('10:30:00') })
  t.strictSame(nextTick(schedule, at('10:31:00.001')), { do: 'pass', next: at('10:40:00') })
})

t.test('one run stands for all that were missed by "once"', async (t) => {
  const run = (now: string) => nextTick(once, at(now))
  t.strictSame(run('10:05:00'), { do: 'run', tick: at('10:00:00'), next: at('10:10:00') })
  t.strictSame(run('10:25:00'), { do: 'run', tick: at('10:20:00'), next: at('10:30:00') })
  t.strictSame(run('10:30:00'), { do: 'run', tick: at('10:30:00'), next: at('10:40:00') })
})

t.test('ticks that are late but not missed are run one by one', async (t) => {
  const often = { ...schedule, cron: '*/10 * * * * *' }
  const step = nextTick(often, at('10:00:45'))
  t.strictSame(step, { do: 'run', tick: at('10:00:00'), next: at('10:00:10') })
})

t.test('whatever the outage, each tick is run at most once and time goes on', async (t) => {
  const anyLate = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 20 })
  const anyRule = fc.constantFrom('skip', 'once')
  const anyCron = fc.constantFrom('*/10 * * * *', '* * * * *', '*/15 * * * * *', '0 10 * * *')
  fc.assert(
    fc.property(anyCron, anyRule, anyLate, (cron, missed, lates) => {
      const timing = { cron, timeZone: 'Europe/Berlin' }
      const run: number[] = []
      let now = at('09:59:00')
      let nextAt = tickAfter(timing, now)
      for (const late of lates) {
        now = new Date(now.getTime() + late)
        for (let rounds = 0; ; rounds++) {
          if (rounds > 10) return false
          const step = nextTick({ ...timing, missed, enabled: true, nextAt }, now)
          if (step.do === 'wait') break
          if (step.do === 'run') run.push(step.tick.getTime())
          // It never goes back.
          if (step.next === null || nextAt === null || step.next <= nextAt) return false
          nextAt = step.next
        }
      }
      const isOnce = run.every((tick, place) => place === 0 || tick > (run[place - 1] ?? 0))
      const isTick = run.every((tick) => tickAfter(timing, new Date(tick - 1))?.getTime() === tick)
      return isOnce && isTick
    }),
  )
  t.pass()
})

t.test('what cannot get better by itself is not tried again', async (t) => {
  for (const code of [
    'PROFILE_UNKNOWN',
    'ACCOUNT_REFUSED',
    'BAD_REQUEST',
    'VERSION_UNUSABLE',
  ] as const)
    for (const each of [schedule, once]) {
      t.strictSame(afterRefusal(each, code, at('10:00:01')), { do: 'pass', next: at('10:10:00') })
    }
})

t.test('what may get better is tried until the run is missed', async (t) => {
  const again = (attempts: number, now: string, rule = schedule as typeof schedule | typeof once) =>
    afterRefusal({ ...rule, attempts }, 'LIMIT_REACHED', at(now))
  t.strictSame(again(0, '10:00:00'), { do: 'again', wait: 5000 })
  t.strictSame(again(2, '10:00:15'), { do: 'again', wait: 20_000 })
  t.strictSame(again(3, '10:00:35'), { do: 'pass', next: at('10:10:00') })
})

t.test('by "once" it is tried for hours, and not for ever', async (t) => {
  let now = at('10:00:00')
  for (let attempts = 0; ; attempts++) {
    const step = afterRefusal({ ...once, attempts }, 'NO_NODE', now)
    if (step.do === 'pass') {
      t.ok(step.next && step.next > now)
      break
    }
    t.ok(step.wait <= 3_600_000)
    now = new Date(now.getTime() + step.wait)
  }
  const hours = (now.getTime() - at('10:00:00').getTime()) / 3_600_000
  t.ok(hours > 5 && hours < 10, `${hours} hours`)
  t.ok(GRACE_MS < 3_600_000)
})
