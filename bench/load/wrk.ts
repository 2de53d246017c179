import { fileURLToPath } from 'node:url'
import { run } from './run.ts'
import { parseWrk, type WrkResult } from './wrk-output.ts'

/** The script is no TypeScript, so it stays where the sources are. */
const SCRIPT = fileURLToPath(new URL('../../../bench/load/wrk.lua', import.meta.url))

/** Asks for the URL on all connections for some time. Throws if any answer was wrong. */
export async function runWrk(options: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  readonly bodyBytes: number
}): Promise<WrkResult> {
  const { url, headers, connections, seconds, bodyBytes } = options
  const output = await run('wrk', [
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    '--timeout=10s',
    `--script=${SCRIPT}`,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    url,
  ])
  return parseWrk(output, bodyBytes)
}
