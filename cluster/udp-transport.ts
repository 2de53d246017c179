import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { formatAddress, parseAddress } from './address.ts'
import { BindError, type Transport } from './transport.ts'

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has taken it. Stop that program, or choose another port.',
  EADDRNOTAVAIL: 'it is not an address of this server. Name one that is.',
  EACCES: 'this user may not use that port. Choose one above 1023.',
}

/** Datagrams over UDP, IPv4 or IPv6 by the address it is bound to. Port 0 lets the system choose one. */
export class UdpTransport implements Transport {
  readonly #ip: string
  readonly #port: number
  #socket: Socket | undefined

  /** `ip` is a literal address of this server, `0.0.0.0` or `::` for all of them. */
  constructor({ ip, port }: { ip: string; port: number }) {
    this.#ip = ip
    this.#port = port
  }

  async bind(
    receive: (datagram: Uint8Array, from: string) => void,
    onError: (error: Error) => void,
  ): Promise<string> {
    const socket = createSocket(isIPv6(this.#ip) ? 'udp6' : 'udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ address: this.#ip, port: this.#port, exclusive: true }, resolve)
    }).catch((error: NodeJS.ErrnoException) => {
      socket.close()
      throw bindError(error, { ip: this.#ip, port: this.#port })
    })
    socket.removeAllListeners('error')
    socket.on('error', onError)
    socket.on('message', (datagram, { address, port }) => {
      receive(datagram, formatAddress({ ip: address, port }))
    })
    this.#socket = socket
    const { address, port } = socket.address()
    return formatAddress({ ip: address, port })
  }

  async send(datagram: Uint8Array, to: string): Promise<void> {
    const socket = this.#socket
    const address = parseAddress(to)
    if (!socket || !address) throw new Error(`cannot send to ${to}`)
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, address.port, this.#reachable(address.ip), (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  async close(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket) await new Promise<void>((resolve) => socket.close(resolve))
  }

  /** A socket of IPv6 reaches addresses of IPv4 by their form within IPv6. */
  #reachable(ip: string): string {
    return isIPv6(this.#ip) && !isIPv6(ip) ? `::ffff:${ip}` : ip
  }
}

function bindError(error: NodeJS.ErrnoException, address: { ip: string; port: number }): BindError {
  const code = error.code ?? 'UNKNOWN'
  return new BindError(
    `The gossip cannot use UDP ${formatAddress(address)}: ${REASONS[code] ?? error.message}`,
    { code, cause: error },
  )
}
