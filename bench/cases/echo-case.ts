import type { ContenderName } from '../contenders/contender.ts'
import { runEcho } from '../load/echo-load.ts'
import { percentile } from '../report/statistics.ts'
import type { BenchCase } from './bench-case.ts'
import type { Compared } from './compared.ts'
import { inRounds } from './rounds.ts'

const NAMES: readonly ContenderName[] = [
  'atelier',
  'configurable-http-proxy',
  'nginx',
  'plugin',
  'direct',
]

/** Messages on WebSockets, each sent when the echo of the last one is there. */
export function echoCase(options: {
  readonly name: string
  readonly what: string
  readonly payloadBytes: number
  readonly connections: number
  readonly compared?: Compared
}): BenchCase {
  const { name, what, payloadBytes, connections } = options
  const { contenders: names, figures } = options.compared ?? {
    contenders: NAMES,
    figures: () => [],
  }
  return {
    name,
    async run(context) {
      const { id } = context.contenders.upstreams.echo
      const series = await inRounds(context, names, async ({ portOf, headers }, seconds) => {
        const result = await runEcho({
          port: portOf(id),
          path: `/s/${id}/echo`,
          headers,
          connections,
          payloadBytes,
          seconds,
        })
        const perSecond = result.messages / result.seconds
        return {
          count: result.messages,
          sample: {
            perSecond,
            mebibytesPerSecond: (perSecond * payloadBytes) / 1024 ** 2,
            p50Ms: percentile(result.latenciesMs, 50),
            p99Ms: percentile(result.latenciesMs, 99),
          },
        }
      })
      const title = `${name}: echo of ${what} on ${connections} WebSockets`
      return { benchmark: name, title, unit: 'messages', series, figures: figures(series) }
    },
  }
}
