import { lookup } from 'node:dns/promises'
import type { Config } from './config.ts'
import { systemCode } from './errors.ts'
import { PortTakenError } from './http.ts'
import { bindPort } from './linux/bind-port.ts'

/** Ports below this one are root's to bind. */
const FIRST_FOR_ALL = 1024

/**
 * The socket of a node's port, bound while the process is still root's, for a port that nobody else may bind; undefined for
 * any other. Throws PortTakenError, and the errors of looking up the host.
 */
export async function smallPort({
  server: { host, port },
}: Pick<Config, 'server'>): Promise<{ readonly fd: number } | undefined> {
  if (port === 0 || port >= FIRST_FOR_ALL) return undefined
  const { address, family } = await lookup(host)
  try {
    return { fd: bindPort({ address, family: family === 6 ? 6 : 4, port }) }
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') throw new PortTakenError(host, port)
    throw error
  }
}
