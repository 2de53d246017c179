import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'

/** The IP addresses of this server's interfaces; with loopback only if asked for. */
export function interfaceAddresses(withLoopback = false): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => withLoopback || !internal)
    .map(({ address }) => address)
}

/** The IP addresses of a host as this server resolves it; none if it does not. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host.replace(/^\[(.*)\]$/, '$1'), { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}
