import { measureRoutable } from '../routable/measure-routable.ts'
import { startStage } from '../routable/routable-nodes.ts'
import {
  merged,
  routableFigures,
  routableGrids,
  type RoutableMeasurement,
} from '../routable/routable-result.ts'
import type { BenchCase } from './bench-case.ts'

const RATES = [10, 100, 300, undefined] as const
/** As on the disk of this machine, and as on networked storage or with a synchronous standby. */
const COMMIT_DELAYS_MS = [0, 5] as const
const HINTINGS = ['own statement', 'in the transaction'] as const

/** From the write that makes a session routable on its node until another node can route to it. */
export const routableCase: BenchCase = {
  name: 'routable',
  async run({ workplace, effort, say }) {
    const { rounds, samples, seconds } = effort
    say('starting Postgres')
    const stage = await startStage(workplace)
    const measured: RoutableMeasurement[] = []
    for (const commitDelayMs of COMMIT_DELAYS_MS) {
      for (const rate of RATES) {
        for (let round = 1; round <= rounds; round++) {
          for (const hinting of HINTINGS) {
            say(`${rate ?? 'most'} changes/s, ${commitDelayMs} ms, round ${round}: ${hinting}`)
            const what = {
              hinting,
              commitDelayMs,
              rate,
              samples: Math.ceil(samples / rounds),
              seconds,
            }
            measured.push(await measureRoutable({ workplace, stage }, what))
          }
        }
      }
    }
    await stage.stop()
    const all = merged(measured)
    return {
      benchmark: 'routable',
      title:
        'routable: from the write that makes a session Active on a node until another one has it',
      unit: 'changes',
      series: [],
      figures: routableFigures(all),
      grids: routableGrids(all),
    }
  },
}
