import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * As many different ports of `host` that nobody listens on: those from `preferred` on where they are free, any others
 * else. With 0 all are any.
 */
export async function freePorts(
  host: string,
  count: number,
  preferred: number,
): Promise<readonly number[]> {
  // All at once, so that none is found twice.
  const held: Server[] = []
  try {
    for (let index = 0; index < count; index++) {
      const wanted = preferred === 0 ? 0 : preferred + index
      held.push(await hold(host, wanted).catch(() => hold(host, 0)))
    }
    return held.map(portOf)
  } finally {
    for (const server of held) server.close()
    await Promise.all(held.map((server) => once(server, 'close')))
  }
}

async function hold(host: string, port: number): Promise<Server> {
  const server = createServer()
  server.listen({ host, port: port > 65_535 ? 0 : port })
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}
