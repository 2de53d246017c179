import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Program } from '../processes.ts'
import type { Upstreams } from '../upstream/upstream.ts'
import type { Workplace } from '../workplace.ts'
import type { BenchNode } from './bench-node.ts'
import type { Contender } from './contender.ts'

const SCRIPT = fileURLToPath(new URL('./atelier-process.js', import.meta.url))

/** A process of our data plane. */
export interface AtelierProcess {
  readonly program: Program
  readonly port: number
  /** The sign-in cookie of the user whose sessions it has. */
  readonly cookie: string
}

/** Our data plane, to the unix sockets of the upstreams, with a cookie that it checks; `others` sessions more. */
export async function startAtelier(
  workplace: Workplace,
  upstreams: Upstreams,
  others = 0,
): Promise<Contender> {
  const { program, port, cookie } = await startProcess(workplace, upstreams, { others })
  return { name: 'atelier', program, portOf: () => port, headers: { cookie } }
}

/**
 * The data plane of an earlier commit, as `startAtelier`, from the worktree that BENCH_EARLIER names and in which both
 * `dist/src` and `dist/bench` were built. Throws without it.
 */
export async function startEarlier(workplace: Workplace, upstreams: Upstreams): Promise<Contender> {
  const worktree = process.env['BENCH_EARLIER']
  if (worktree === undefined) throw new Error('BENCH_EARLIER names no worktree')
  const script = join(worktree, 'dist', 'bench', 'contenders', 'atelier-process.js')
  const { program, port, cookie } = await startProcess(workplace, upstreams, { script })
  return { name: 'earlier', program, portOf: () => port, headers: { cookie } }
}

/** Starts a data plane; options of Node for it are in BENCH_NODE_OPTIONS_ and its node's name in capitals. */
export async function startProcess(
  workplace: Workplace,
  { files, echo }: Upstreams,
  options: { readonly others?: number; readonly place?: BenchNode; readonly script?: string },
): Promise<AtelierProcess> {
  const { others = 0, place = {}, script = SCRIPT } = options
  const sockets = JSON.stringify({ [files.id]: files.socket, [echo.id]: echo.socket })
  const nodeOptions = profiling(place.node ?? 'atelier')
  const command = [process.execPath, ...nodeOptions, script, sockets, String(others)]
  const program = workplace.processes.start([...command, JSON.stringify(place)] as [string], {
    ipc: true,
  })
  const { port, cookie } = (await program.message()) as { port: number; cookie: string }
  return { program, port, cookie }
}

/** For whoever looks for what costs: BENCH_NODE_OPTIONS_ATELIER=--cpu-prof. */
function profiling(name: string): readonly string[] {
  return process.env[`BENCH_NODE_OPTIONS_${name.toUpperCase()}`]?.split(' ') ?? []
}
