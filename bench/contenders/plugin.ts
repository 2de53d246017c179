import { fileURLToPath } from 'node:url'
import type { Upstreams } from '../upstream/upstream.ts'
import type { Workplace } from '../workplace.ts'
import type { Contender } from './contender.ts'

const SCRIPT = fileURLToPath(new URL('./plugin-process.js', import.meta.url))

/** @fastify/http-proxy alone: what our data plane would be without a dispatcher and tunnels of its own. */
export async function startPlugin(
  workplace: Workplace,
  { files, echo }: Upstreams,
): Promise<Contender> {
  const ports = JSON.stringify({ [files.id]: files.port, [echo.id]: echo.port })
  const program = workplace.processes.start([process.execPath, SCRIPT, ports], { ipc: true })
  const { port } = (await program.message()) as { port: number }
  return { name: 'plugin', program, portOf: () => port, headers: {} }
}
