import type { Contender, ContenderName } from '../contenders/contender.ts'
import type { Sample, Series } from '../report/result.ts'
import type { BenchContext, Effort } from './bench-case.ts'

/** How often the time of a warm-up may be spent again to reach its count. */
const MOST_WARM_UPS = 4

/** What one measurement of a contender has found, without the CPU time, which is added here. */
export interface Measured {
  readonly sample: Omit<Sample, 'cpuMicroseconds'>
  /** How many requests, messages or transfers there were. */
  readonly count: number
}

/** One measurement of a contender. */
export type Measure = (contender: Contender, seconds: number) => Promise<Measured>

/**
 * Measures the contenders in turns, A B C A B C, so that a slow moment of the machine hits all of them. What goes before
 * does not count: compilers and connections get warm in it.
 */
export async function inRounds(
  { contenders, effort, say }: Pick<BenchContext, 'contenders' | 'effort' | 'say'>,
  names: readonly ContenderName[],
  measure: Measure,
): Promise<readonly Series[]> {
  const running = await contenders.get(names)
  const samples = new Map<ContenderName, Sample[]>(names.map((name) => [name, []]))
  for (const contender of running) {
    say(`warming up ${contender.name}`)
    await warmUp(contender, measure, effort)
  }
  for (let round = 1; round <= effort.rounds; round++) {
    for (const contender of running) {
      say(`round ${round}: ${contender.name}`)
      const before = contender.program?.cpuMicroseconds()
      const { sample, count } = await measured(contender, measure, effort.seconds)
      const after = contender.program?.cpuMicroseconds()
      const cpu =
        before === undefined || after === undefined
          ? {}
          : { cpuMicroseconds: (after - before) / count }
      samples.get(contender.name)?.push({ ...sample, ...cpu })
    }
  }
  return names.map((contender) => ({ contender, samples: samples.get(contender) ?? [] }))
}

/** On a busy machine a few seconds are too short for a just-in-time compiler, so requests are counted as well. */
async function warmUp(contender: Contender, measure: Measure, effort: Effort): Promise<void> {
  const { warmUpSeconds, warmUpCount } = effort
  const start = performance.now()
  let [count, passed] = [0, 0]
  do {
    count += (await measured(contender, measure, warmUpSeconds)).count
    passed = (performance.now() - start) / 1000
  } while (count < warmUpCount && passed < MOST_WARM_UPS * warmUpSeconds)
}

async function measured(
  contender: Contender,
  measure: Measure,
  seconds: number,
): Promise<Measured> {
  return measure(contender, seconds).catch((error: unknown) => {
    throw new Error(`${contender.name}: ${String(error)}`, { cause: error })
  })
}
