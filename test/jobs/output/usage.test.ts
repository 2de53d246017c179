import { truncate } from 'node:fs/promises'
import t from 'tap'
import { SAMPLES_MOST, thinned } from '../../../src/jobs/output/usage-samples.ts'
import { readUsage, UsageWriter } from '../../../src/jobs/output/usage-writer.ts'
import { withFiles } from '../../fixtures/output-files.ts'

const measured = (at: number, cpuSeconds: number, residentBytes = 1e6) => ({
  at,
  cpuPercent: 1,
  cpuSeconds,
  residentBytes,
})

t.test('of a job that runs for weeks few samples are kept, over its whole life', async (t) => {
  await withFiles(async (files) => {
    const writer = await UsageWriter.open(files)
    const week = 7 * 24 * 3600
    for (let second = 0; second <= 2 * week; second += 30) {
      // It computes half of the time.
      await writer.take(measured(second * 1000, second / 2, second === week ? 9e9 : 1e6))
    }
    const samples = await readUsage(files)
    t.ok(samples.length <= SAMPLES_MOST && samples.length > SAMPLES_MOST / 4, `${samples.length}`)
    t.ok((samples.at(-1)?.at ?? 0) > 1.99 * week * 1000, 'to its end')
    const late = samples.slice(samples.length / 2)
    t.ok(
      late.every(({ cpuPercent }) => Math.abs(cpuPercent - 50) < 2),
      'the mean is that of all measurements',
    )
    t.strictSame(writer.totals, { cpuSeconds: week, peakMemoryBytes: 9e9 })
    t.equal(Math.max(...thinned(samples, 100).map(({ memoryBytes }) => memoryBytes)), 9e9)
    t.ok(thinned(samples, 100).length <= 100)
  })
})

t.test('a sample that was written by half is written again, and totals go on', async (t) => {
  await withFiles(async (files) => {
    const before = await UsageWriter.open(files)
    for (const at of [0, 5000, 10_000]) await before.take(measured(at, at / 1000, 5e6))
    t.equal((await readUsage(files)).length, 3)
    await truncate(files.usage, 3 * 32 - 5)
    const after = await UsageWriter.open(files)
    t.match(after.totals, { cpuSeconds: 5, peakMemoryBytes: 5e6 })
    await after.take(measured(15_000, 15))
    t.strictSame(
      (await readUsage(files)).map(({ at }) => at),
      [0, 5000, 15_000],
    )
  })
})

t.test('of a job that was never measured nothing is told', async (t) => {
  await withFiles(async (files) => {
    const { totals } = await UsageWriter.open(files)
    t.strictSame(totals, { cpuSeconds: null, peakMemoryBytes: null })
    t.strictSame(await readUsage(files), [])
  })
})
