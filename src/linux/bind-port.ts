import koffi from 'koffi'
import { loadLibrary } from './library.ts'

const AF_INET = 2
const AF_INET6 = 10
const SOCK_STREAM = 1
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_REUSEADDR = 2

/** Where a socket is bound: an IP address in its usual spelling, and a port. */
export interface PortAddress {
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
}

/**
 * A TCP socket that is bound and does not listen yet, as a descriptor: only root may bind small ports, and whoever has it
 * may listen. Throws an Error with `code` EADDRINUSE if somebody else has the port, or without one.
 */
export function bindPort(where: PortAddress): number {
  const libc = loadLibrary('libc.so.6')
  const socket = libc.func('socket', 'int', ['int', 'int', 'int'])
  const setsockopt = libc.func('setsockopt', 'int', [
    'int',
    'int',
    'int',
    koffi.pointer('int'),
    'uint32',
  ])
  const bind = libc.func('bind', 'int', ['int', koffi.pointer('uint8'), 'uint32'])
  const close = libc.func('close', 'int', ['int'])
  const name = socketAddress(where)
  const domain = where.family === 4 ? AF_INET : AF_INET6
  const fd: number = socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) throw failure(where)
  // As Node's own: a connection of a predecessor that has just ended does not hold the port.
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, [1], 4)
  if (bind(fd, name, name.length) === 0) return fd
  const error = failure(where)
  close(fd)
  throw error
}

/** A sockaddr_in or sockaddr_in6 of ip(7) and ipv6(7). */
function socketAddress({ address, family, port }: PortAddress): Buffer {
  const pton = loadLibrary('libc.so.6').func('inet_pton', 'int', [
    'int',
    'str',
    koffi.out(koffi.pointer('uint8')),
  ])
  const name = Buffer.alloc(family === 4 ? 16 : 28)
  name.writeUInt16LE(family === 4 ? AF_INET : AF_INET6, 0)
  name.writeUInt16BE(port, 2)
  const ip = Buffer.alloc(16)
  if (pton(family === 4 ? AF_INET : AF_INET6, address, ip) !== 1) {
    throw new Error(`${address} is no IP address.`)
  }
  ip.copy(name, family === 4 ? 4 : 8, 0, family === 4 ? 4 : 16)
  return name
}

function failure({ address, port }: PortAddress): Error {
  const error = new Error(`The port ${port} of ${address} cannot be bound.`)
  const isTaken = koffi.errno() === koffi.os.errno['EADDRINUSE']
  return isTaken ? Object.assign(error, { code: 'EADDRINUSE' }) : error
}
