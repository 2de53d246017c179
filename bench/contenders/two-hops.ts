import { randomBytes } from 'node:crypto'
import type { Upstreams } from '../upstream/upstream.ts'
import type { Workplace } from '../workplace.ts'
import { startProcess } from './atelier.ts'
import type { Contender } from './contender.ts'

/** Two nodes of ours: browsers ask the entry, which passes everything on to the holder of the sessions. */
export async function startTwoHops(workplace: Workplace, upstreams: Upstreams): Promise<Contender> {
  const key = randomBytes(32).toString('hex')
  const holder = await startProcess(workplace, upstreams, { place: { node: 'holder', key } })
  const url = `http://127.0.0.1:${holder.port}`
  const entry = await startProcess(workplace, upstreams, {
    place: { node: 'entry', key, holder: { name: 'holder', url } },
  })
  const { program } = entry
  return {
    name: 'two-hops',
    portOf: () => entry.port,
    headers: { cookie: entry.cookie },
    program: {
      cpuMicroseconds: () => program.cpuMicroseconds() + holder.program.cpuMicroseconds(),
      residentBytes: () => program.residentBytes() + holder.program.residentBytes(),
      stop: () => {
        program.stop()
        holder.program.stop()
      },
    },
  }
}
