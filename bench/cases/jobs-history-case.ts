import { join } from 'node:path'
import { withBuiltInDatabase } from '../../test/fixtures/built-in-database.ts'
import { fillHistory } from '../jobs-history/fill-history.ts'
import { measureRoutes, type RouteTimes } from '../jobs-history/measure-routes.ts'
import { startWholeAtelier } from '../session-start/started-atelier.ts'
import type { BenchCase } from './bench-case.ts'

const SIZES = [10_000, 100_000] as const

/** How long the API takes to list what has ended, when that is much. */
export const jobsHistoryCase: BenchCase = {
  name: 'jobs-history',
  async run({ workplace, effort, say }) {
    say('starting a whole Atelier')
    const atelier = await startWholeAtelier(workplace, undefined, [
      'api.requests_per_minute=1000000',
    ])
    const measured: (readonly RouteTimes[])[] = []
    await withBuiltInDatabase(join(workplace.directory, 'atelier'), async (client) => {
      for (const size of SIZES) {
        say(`filling in ${size} jobs and sessions`)
        await fillHistory(client, size)
        say(`asking for ${size} jobs and sessions`)
        measured.push(await measureRoutes(atelier.user, client, effort.samples))
      }
    })
    await atelier.stop()
    const name = (size: number): string => `${size.toLocaleString('en')} of each`
    return {
      benchmark: 'jobs-history',
      title: 'jobs-history: lists of ended jobs and sessions by the API',
      unit: 'requests',
      series: [],
      figures: SIZES.map((size, index) => ({
        name: `${name(size)}: the slowest route, p99`,
        value: Math.max(...(measured[index] ?? []).map(({ p99 }) => p99)),
        unit: 'ms',
      })),
      grids: SIZES.map((size, index) => ({
        title: `${name(size)} (ms; times the plain select of the same round)`,
        columns: ['p50', 'p99', 'times'],
        rows: (measured[index] ?? []).map(({ route, p50, p99, times }) => ({
          name: route,
          cells: [p50, p99, times],
        })),
      })),
    }
  },
}
