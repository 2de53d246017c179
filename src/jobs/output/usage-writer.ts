import { constants } from 'node:fs'
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { systemCode } from '../../errors.ts'
import type { OutputFiles } from './output-files.ts'
import { writeAt } from './read-write.ts'
import { fromBytes, toBytes, USAGE_RECORD, type UsageRecord } from './records.ts'
import {
  halve,
  isDue,
  SAMPLES_MOST,
  sampleOf,
  withNext,
  type Measured,
  type Measurement,
} from './usage-samples.ts'

type UsageFiles = Pick<OutputFiles, 'directory' | 'usage'>

/** What a job has used in all, as far as it was measured; null if it never was. */
export interface UsageTotals {
  readonly cpuSeconds: number | null
  readonly peakMemoryBytes: number | null
}

/** Keeps samples of what a job uses: farther apart the longer it runs, so that the file stays small. */
export class UsageWriter {
  readonly #files: UsageFiles
  #kept: readonly UsageRecord[]
  #measured: Measured | undefined

  private constructor(files: UsageFiles, kept: readonly UsageRecord[]) {
    this.#files = files
    this.#kept = kept
  }

  /** Goes on where the file ends. Throws the errors of node:fs. */
  static async open(files: UsageFiles): Promise<UsageWriter> {
    return new UsageWriter(files, await readUsage(files))
  }

  get totals(): UsageTotals {
    const { newest, memoryBytes = 0 } = this.#measured ?? {}
    if (newest === undefined && this.#kept.length === 0) {
      return { cpuSeconds: null, peakMemoryBytes: null }
    }
    const seconds = this.#kept.map(({ cpuSeconds }) => cpuSeconds)
    return {
      cpuSeconds: Math.max(newest?.cpuSeconds ?? 0, ...seconds),
      peakMemoryBytes: Math.max(memoryBytes, ...this.#kept.map((sample) => sample.memoryBytes)),
    }
  }

  /** Takes a measurement, and writes a sample when it is time for one. Throws the errors of node:fs. */
  async take(measurement: Measurement): Promise<void> {
    this.#measured = withNext(this.#measured, measurement)
    if (isDue(this.#kept, measurement.at)) await this.flush()
  }

  /** Writes what was measured since the last sample. Throws the errors of node:fs. */
  async flush(): Promise<void> {
    if (this.#measured === undefined) return
    const all = [...this.#kept, sampleOf(this.#measured, this.#kept.at(-1))]
    if (all.length <= SAMPLES_MOST) {
      await this.#append(all.slice(-1))
      this.#kept = all
    } else {
      const fewer = halve(all)
      await this.#replace(fewer)
      this.#kept = fewer
    }
    this.#measured = undefined
  }

  // At its place, so that a record that was written by half shifts nothing.
  async #append(records: readonly UsageRecord[]): Promise<void> {
    await mkdir(this.#files.directory, { recursive: true, mode: 0o700 })
    const file = await open(this.#files.usage, constants.O_RDWR | constants.O_CREAT, 0o600)
    try {
      const at = this.#kept.length * USAGE_RECORD.size
      await writeAt(file, at, toBytes(USAGE_RECORD, records))
    } finally {
      await file.close()
    }
  }

  // By another file, so that whoever reads meanwhile, and whoever comes after a crash, finds all of the old or the new.
  async #replace(records: readonly UsageRecord[]): Promise<void> {
    const fresh = `${this.#files.usage}.new`
    await writeFile(fresh, toBytes(USAGE_RECORD, records), { mode: 0o600 })
    await rename(fresh, this.#files.usage)
  }
}

/** The samples of a job; none if nothing was measured. Throws the errors of node:fs. */
export async function readUsage({ usage }: Pick<OutputFiles, 'usage'>): Promise<UsageRecord[]> {
  try {
    return fromBytes(USAGE_RECORD, await readFile(usage))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
