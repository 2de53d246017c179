import { setTimeout as delay } from 'node:timers/promises'
import { startAtelier } from '../contenders/atelier.ts'
import type { Contender } from '../contenders/contender.ts'
import { runWrk } from '../load/wrk.ts'
import type { Figure } from '../report/result.ts'
import { median } from '../report/statistics.ts'
import { RoutingTimer } from '../routing/routing-timer.ts'
import { SMALL_BYTES } from '../upstream/upstream.ts'
import type { BenchCase, BenchContext } from './bench-case.ts'

const COUNTS = [10, 1000, 10_000]
const COMPARED = '10,000 sessions compared with 10'

/** What deciding on one request takes, before any byte goes upstream, by the number of sessions; and the same by HTTP. */
export const routingCase: BenchCase = {
  name: 'routing',
  async run(context) {
    const { effort, say } = context
    const timers = await Promise.all(COUNTS.map((count) => RoutingTimer.with(count)))
    const times = timers.map((): number[] => [])
    for (const timer of timers) await timer.nanoseconds()
    for (let round = 0; round < effort.rounds * 3; round++) {
      say(`in memory, round ${round + 1}`)
      for (const [index, timer] of timers.entries()) {
        times[index]?.push(await timer.nanoseconds())
        await delay(0)
      }
    }
    const [few, , many] = times
    const growth = median((few ?? []).map((time, round) => (many?.[round] ?? NaN) / time))
    const figures: Figure[] = COUNTS.map((count, index) => ({
      name: `decision, ${count.toLocaleString('en')} sessions`,
      value: median(times[index] ?? []) / 1000,
      unit: 'µs',
    }))
    figures.push({ name: COMPARED, value: growth, unit: 'x' })
    figures.push(...(await byHttp(context)))
    const title = 'routing: URL, door, next hop and target of one request'
    return { benchmark: 'routing', title, unit: 'requests', series: [], figures }
  },
}

async function byHttp({
  workplace,
  contenders,
  effort,
  say,
}: BenchContext): Promise<readonly Figure[]> {
  const { upstreams } = contenders
  const running: Contender[] = []
  for (const count of COUNTS) running.push(await startAtelier(workplace, upstreams, count))
  const costs = COUNTS.map((): number[] => [])
  for (const contender of running) await cost(contender, effort.warmUpSeconds)
  for (let round = 1; round <= effort.rounds; round++) {
    for (const [index, contender] of running.entries()) {
      say(`by HTTP, round ${round}, ${COUNTS[index]} sessions`)
      costs[index]?.push(await cost(contender, effort.seconds))
    }
  }
  for (const { program } of running) program?.stop()
  return COUNTS.map((count, index) => ({
    name: `CPU of a request by HTTP, ${count.toLocaleString('en')} sessions`,
    value: median(costs[index] ?? []),
    unit: 'µs',
  }))
}

async function cost({ portOf, program, headers }: Contender, seconds: number): Promise<number> {
  const before = program?.cpuMicroseconds() ?? NaN
  const url = `http://127.0.0.1:${portOf('files')}/s/files/small`
  const options = { url, headers, connections: 50, seconds, bodyBytes: SMALL_BYTES }
  const { requests } = await runWrk(options)
  return ((program?.cpuMicroseconds() ?? NaN) - before) / requests
}
