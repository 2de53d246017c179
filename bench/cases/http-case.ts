import type { ContenderName } from '../contenders/contender.ts'
import { runWrk } from '../load/wrk.ts'
import type { BenchCase } from './bench-case.ts'
import type { Compared } from './compared.ts'
import { inRounds } from './rounds.ts'

const NAMES: readonly ContenderName[] = ['atelier', 'configurable-http-proxy', 'nginx', 'direct']

/** Requests by wrk for one file of the upstream, on kept connections. */
export function httpCase(options: {
  readonly name: string
  readonly what: string
  readonly file: string
  readonly bodyBytes: number
  readonly connections: number
  readonly compared?: Compared
}): BenchCase {
  const { name, what, file, bodyBytes, connections } = options
  const { contenders: names, figures } = options.compared ?? {
    contenders: NAMES,
    figures: () => [],
  }
  return {
    name,
    async run(context) {
      const { id } = context.contenders.upstreams.files
      const series = await inRounds(context, names, async (contender, seconds) => {
        const { requests, durationUs, p50Us, p99Us } = await runWrk({
          url: `http://127.0.0.1:${contender.portOf(id)}/s/${id}/${file}`,
          headers: contender.headers,
          connections,
          seconds,
          bodyBytes,
        })
        const perSecond = (requests * 1e6) / durationUs
        const mebibytesPerSecond = (perSecond * bodyBytes) / 1024 ** 2
        return {
          count: requests,
          sample: { perSecond, mebibytesPerSecond, p50Ms: p50Us / 1000, p99Ms: p99Us / 1000 },
        }
      })
      const title = `${name}: GET of ${what} on ${connections} connections`
      return { benchmark: name, title, unit: 'requests', series, figures: figures(series) }
    },
  }
}
