import { fileURLToPath } from 'node:url'
import type { Upstreams } from '../upstream/upstream.ts'
import type { Workplace } from '../workplace.ts'
import type { Contender } from './contender.ts'

const SCRIPT = fileURLToPath(new URL('./atelier-process.js', import.meta.url))

/** Our data plane, to the unix sockets of the upstreams, with a cookie that it checks; `others` sessions more. */
export async function startAtelier(
  workplace: Workplace,
  { files, echo }: Upstreams,
  others = 0,
): Promise<Contender> {
  const sockets = JSON.stringify({ [files.id]: files.socket, [echo.id]: echo.socket })
  const command = [process.execPath, ...profiling('atelier'), SCRIPT, sockets, String(others)]
  const program = workplace.processes.start(command as [string], { ipc: true })
  const { port, cookie } = (await program.message()) as { port: number; cookie: string }
  return { name: 'atelier', program, portOf: () => port, headers: { cookie } }
}

/** Options of Node for this contender, for whoever looks for what costs: BENCH_NODE_OPTIONS_ATELIER=--cpu-prof. */
function profiling(name: string): readonly string[] {
  return process.env[`BENCH_NODE_OPTIONS_${name.toUpperCase()}`]?.split(' ') ?? []
}
