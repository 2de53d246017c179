import type { JobUsage } from '../../launcher/job.ts'
import type { UsageRecord } from './records.ts'

/** As many samples are kept of a job at most, however long it runs. */
export const SAMPLES_MOST = 1000

/** A measurement with its time, in ms since 1970. */
export type Measurement = Pick<JobUsage, 'cpuPercent' | 'cpuSeconds' | 'residentBytes'> & {
  readonly at: number
}

/** True if a measurement is far enough from the last one that is kept, for so many to span the whole life of the job. */
export function isDue(kept: readonly UsageRecord[], at: number): boolean {
  const [first] = kept
  const last = kept.at(-1)
  if (first === undefined || last === undefined) return true
  return at - last.at >= (at - first.at) / SAMPLES_MOST
}

/** Measurements since the last sample: the newest, how many there were, and the most memory of them. */
export interface Measured {
  readonly newest: Measurement
  readonly count: number
  readonly memoryBytes: number
}

/** These measurements and one more. */
export function withNext(before: Measured | undefined, newest: Measurement): Measured {
  return {
    newest,
    count: (before?.count ?? 0) + 1,
    memoryBytes: Math.max(before?.memoryBytes ?? 0, newest.residentBytes),
  }
}

/** The sample that stands for all measurements since the one before. */
export function sampleOf(
  { newest, count, memoryBytes }: Measured,
  before: UsageRecord | undefined,
): UsageRecord {
  const { at, cpuSeconds } = newest
  const elapsed = before === undefined ? 0 : (at - before.at) / 1000
  const used = cpuSeconds - (before?.cpuSeconds ?? 0)
  // The processes that are left may have used less in all than those of before.
  const isMean = count > 1 && elapsed > 0 && used >= 0
  const cpuPercent = isMean ? (100 * used) / elapsed : newest.cpuPercent
  return { at, cpuPercent, memoryBytes, cpuSeconds }
}

/** Half as many samples, each of two neighbours: the mean of what was computed, and the most of memory. */
export function halve(samples: readonly UsageRecord[]): UsageRecord[] {
  const halved: UsageRecord[] = []
  for (let place = 0; place < samples.length; place += 2) {
    const [one, two] = [samples[place], samples[place + 1]]
    if (one === undefined) break
    halved.push(two === undefined ? one : joined(one, two))
  }
  return halved
}

/** At most `most` samples, thinned. */
export function thinned(samples: readonly UsageRecord[], most: number): readonly UsageRecord[] {
  let thin = samples
  while (thin.length > most) thin = halve(thin)
  return thin
}

function joined(one: UsageRecord, two: UsageRecord): UsageRecord {
  return {
    at: two.at,
    cpuPercent: (one.cpuPercent + two.cpuPercent) / 2,
    memoryBytes: Math.max(one.memoryBytes, two.memoryBytes),
    cpuSeconds: Math.max(one.cpuSeconds, two.cpuSeconds),
  }
}
