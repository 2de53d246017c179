import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Contender, ContenderName } from '../contenders/contender.ts'
import { openWebSocket } from '../load/web-socket.ts'
import type { Figure } from '../report/result.ts'
import type { BenchCase } from './bench-case.ts'

const NAMES: readonly ContenderName[] = ['atelier', 'configurable-http-proxy', 'plugin', 'nginx']
/** Opened and closed before, so that a heap which has to grow once is not counted. */
const BEFORE = 100
const SETTLE_MS = 1500

/** How much the resident memory of each contender grows with every WebSocket that is open and idle. */
export const socketMemoryCase: BenchCase = {
  name: 'websocket-memory',
  async run({ contenders, effort, say }) {
    const { id } = contenders.upstreams.echo
    const figures: Figure[] = []
    for (const contender of await contenders.get(NAMES)) {
      say(contender.name)
      await close(await open(contender, id, BEFORE))
      const before = contender.program?.residentBytes() ?? 0
      const sockets = await open(contender, id, effort.webSockets)
      await delay(SETTLE_MS)
      const after = contender.program?.residentBytes() ?? 0
      await close(sockets)
      const value = (after - before) / 1024 / effort.webSockets
      figures.push({ name: contender.name, value, unit: 'KiB' })
    }
    const title = `websocket-memory: growth with each of ${effort.webSockets} idle WebSockets`
    return { benchmark: 'websocket-memory', title, unit: 'sockets', series: [], figures }
  },
}

async function open(contender: Contender, id: string, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  for (let index = 0; index < count; index++) {
    const { headers, portOf } = contender
    sockets.push(await openWebSocket(portOf(id), `/s/${id}/echo`, headers))
  }
  return sockets
}

async function close(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy()
  await delay(SETTLE_MS)
}
