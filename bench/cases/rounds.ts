import type { Contender, ContenderName } from '../contenders/contender.ts'
import type { Sample, Series } from '../report/result.ts'
import type { BenchContext } from './bench-case.ts'

/** What one measurement of a contender has found, without the CPU time, which is added here. */
export interface Measured {
  readonly sample: Omit<Sample, 'cpuMicroseconds'>
  /** How many requests, messages or transfers there were. */
  readonly count: number
}

/** One measurement of a contender. */
export type Measure = (contender: Contender, seconds: number) => Promise<Measured>

/**
 * Measures the contenders in turns, A B C A B C, so that a slow moment of the machine hits all of them; a first round
 * does not count, as just-in-time compilers and connections get warm in it.
 */
export async function inRounds(
  { contenders, effort, say }: Pick<BenchContext, 'contenders' | 'effort' | 'say'>,
  names: readonly ContenderName[],
  measure: Measure,
): Promise<readonly Series[]> {
  const running = await contenders.get(names)
  const samples = new Map<ContenderName, Sample[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= effort.rounds; round++) {
    for (const contender of running) {
      say(round === 0 ? `warming up ${contender.name}` : `round ${round}: ${contender.name}`)
      const before = contender.program?.cpuMicroseconds()
      const seconds = round === 0 ? effort.warmUpSeconds : effort.seconds
      const { sample, count } = await measure(contender, seconds).catch((error: unknown) => {
        throw new Error(`${contender.name}: ${String(error)}`, { cause: error })
      })
      const after = contender.program?.cpuMicroseconds()
      if (round === 0) continue
      const cpu =
        before === undefined || after === undefined
          ? {}
          : { cpuMicroseconds: (after - before) / count }
      samples.get(contender.name)?.push({ ...sample, ...cpu })
    }
  }
  return names.map((contender) => ({ contender, samples: samples.get(contender) ?? [] }))
}
