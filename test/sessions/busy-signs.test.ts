import t from 'tap'
import type { JobUsage } from '../../src/launcher/job.ts'
import { BusySigns } from '../../src/sessions/busy-signs.ts'
import { Usage, type Load } from '../../src/sessions/usage.ts'
import { session } from '../fixtures/session.ts'
import { until } from '../fixtures/until.ts'

const { signal } = new AbortController()
const active = session({
  state: 'Active',
  jobId: 'job-1',
  location: { kind: 'socket', path: '/run/ide.sock' },
})
const rests: Load = { cpuPercent: 1, terminalPrograms: 0 }

for (const [what, load, own, expected] of [
  ['all signs say no', rests, false, false],
  ['its kernel computes', rests, true, true],
  ['it uses its processor', { ...rests, cpuPercent: 80 }, false, true],
  ['a program runs in a terminal', { ...rests, terminalPrograms: 1 }, false, true],
  [
    'it uses its processor so much that it does not answer',
    { ...rests, cpuPercent: 99 },
    undefined,
    true,
  ],
  ['it does not answer', rests, undefined, undefined],
  ['nobody measures it', undefined, false, undefined],
  ['nobody measures it, but its kernel computes', undefined, true, true],
  ['its back end does not look into terminals', { ...rests, terminalPrograms: null }, false, false],
] as const) {
  t.test(what, async (t) => {
    const signs = new BusySigns({ usage: { load: () => load }, jobs: { isBusy: async () => own } })
    t.equal(await signs.isBusy(active, 60_000, signal), expected)
  })
}

function measuring(...seconds: number[]) {
  const told: JobUsage[] = seconds.map((cpuSeconds) => ({
    id: 'job-1',
    cpuPercent: 7,
    cpuSeconds,
    residentBytes: 1,
    terminalPrograms: 2,
  }))
  let go = (): void => undefined
  const usage = new Usage({
    launcher: {
      async *usage(stop) {
        const stopped = new Promise<void>((resolve) => {
          stop.addEventListener('abort', () => resolve())
        })
        for (const each of told) {
          yield each
          await Promise.race([stopped, new Promise<void>((resolve) => (go = resolve))])
        }
        await stopped
      },
    },
  })
  return { usage, go: () => go() }
}

t.test('the load is a mean over the time that is asked for', async (t) => {
  const { usage, go } = measuring(0, 30)
  t.equal(usage.load(active, 60_000), undefined)
  usage.start()
  t.teardown(() => usage.stop())
  await until(() => usage.of(active))
  t.equal(usage.load(active, 60_000), undefined, 'one measurement is of its whole life')
  go()
  await until(() => usage.of(active)?.cpuSeconds === 30)
  t.ok((usage.load(active, 60_000)?.cpuPercent ?? 0) > 7, 'of two')
  t.equal(usage.load({ jobId: null }, 60_000), undefined)
})

t.test('a clock that is set back does not spoil the mean', async (t) => {
  const { usage, go } = measuring(0, 30)
  usage.start()
  t.teardown(() => usage.stop())
  await until(() => usage.of(active))
  const earlier = Date.now() - 60 * 60_000
  t.intercept(Date, 'now', { value: () => earlier })
  go()
  await until(() => usage.of(active)?.cpuSeconds === 30)
  t.ok((usage.load(active, 60_000)?.cpuPercent ?? 0) > 7)
})
