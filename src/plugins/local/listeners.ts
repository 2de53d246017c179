import type { JobPort } from '../../launcher/job.ts'

/** A TCP socket that accepts connections, as a line of /proc/net/tcp or tcp6 tells it. */
export interface Listener {
  /** Its own address in the kernel's hexadecimal, 8 digits or 32; each 4 bytes in the order of the machine. */
  readonly address: string
  readonly port: number
  readonly uid: number
  readonly inode: string
}

const LISTEN = '0A'
const LINE =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) \S+ \S+ \S+\s+(\d+)\s+\d+ (\d+) /

/**
 * What answers at each address of the loopback: the addresses a socket may be bound to for it, most specific first,
 * which is how the kernel chooses among them. In the notation of little-endian machines. `::` counts for IPv6 only: the
 * tables do not tell whether it is open to IPv4 too (IPV6_V6ONLY), and if not, anybody may bind IPv4's port.
 */
const BOUND_TO = {
  '127.0.0.1': [
    ['0100007F', '0000000000000000FFFF00000100007F'],
    ['00000000', '0000000000000000FFFF000000000000'],
  ],
  '::1': [['00000000000000000000000001000000'], ['00000000000000000000000000000000']],
} as const

/** The sockets of such a table that accept connections; lines that are none are passed over. */
export function parseListeners(table: string): Listener[] {
  const listeners: Listener[] = []
  for (const line of table.split('\n')) {
    const [, address = '', port = '', state, uid, inode = ''] = LINE.exec(line) ?? []
    if (state !== LISTEN) continue
    listeners.push({ address, port: Number.parseInt(port, 16), uid: Number(uid), inode })
  }
  return listeners
}

/**
 * The ports of the loopback at which a job answers, in order. `holders` says by inode which of its processes has a
 * socket open. An address where anybody else might answer in its place is left out.
 */
export function portsOf(
  listeners: readonly Listener[],
  uid: number,
  holders: ReadonlyMap<string, string>,
): JobPort[] {
  const ports: JobPort[] = []
  const numbers = new Set(listeners.map(({ port }) => port))
  for (const port of [...numbers].sort((a, b) => a - b)) {
    const there = listeners.filter((listener) => listener.port === port)
    for (const address of ['127.0.0.1', '::1'] as const) {
      const answering = mostSpecific(there, BOUND_TO[address])
      const isOwn = answering.every((each) => each.uid === uid && holders.has(each.inode))
      const [first] = answering
      if (first === undefined || !isOwn) continue
      const process = holders.get(first.inode) ?? ''
      ports.push({ port, address, process, listener: nameOf(answering) })
    }
  }
  return ports
}

function mostSpecific(
  listeners: readonly Listener[],
  bound: readonly (readonly string[])[],
): readonly Listener[] {
  for (const addresses of bound) {
    const found = listeners.filter(({ address }) => addresses.includes(address))
    if (found.length > 0) return found
  }
  return []
}

/** Several sockets may share a port (SO_REUSEPORT): one name for all of them. */
function nameOf(listeners: readonly Listener[]): string {
  return listeners
    .map(({ inode }) => inode)
    .sort()
    .join(',')
}
