import { isIPv4 } from 'node:net'
import type { Member } from '../../cluster/index.ts'
import type { LoadBalancerNode } from '../launcher/protocol-schemas.ts'

/** The members of a cluster as plugins of its Launchers hear of them, by name; `now` is when they were looked at. */
export function launcherNodes(members: readonly Member[], now: Date): readonly LoadBalancerNode[] {
  return [...members]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ url, address, state }) => {
      const { hostname, port, protocol } = new URL(url)
      const ip = address.slice(0, address.lastIndexOf(':'))
      return {
        host: hostname,
        ipv4: [hostname, ip].find((each) => isIPv4(each)) ?? '',
        port: port || (protocol === 'https:' ? '443' : '80'),
        lastSeen: now.toISOString(),
        status: state === 'failed' ? 'Offline' : 'Online',
      }
    })
}
