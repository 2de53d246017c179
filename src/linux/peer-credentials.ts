import type { Socket } from 'node:net'
import koffi from 'koffi'
import { loadLibrary } from './library.ts'

/** Who is at the other end of a unix socket, as the kernel knows since it was connected. */
export interface PeerCredentials {
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

/** Reads the credentials of the other end of a connected unix socket; throws an Error if the kernel does not tell. */
export type ReadPeerCredentials = (socket: Socket) => PeerCredentials

const SOL_SOCKET = 1
const SO_PEERCRED = 17
const UCRED_BYTES = 12

/** Makes the reader; SO_PEERCRED of unix(7). Throws an Error where the system's libc cannot be used. */
export function peerCredentialsReader(): ReadPeerCredentials {
  const getsockopt = loadLibrary('libc.so.6').func('getsockopt', 'int', [
    'int',
    'int',
    'int',
    koffi.out(koffi.pointer('uint8')),
    koffi.inout(koffi.pointer('uint32')),
  ])
  return (socket) => {
    const ucred = Buffer.alloc(UCRED_BYTES)
    const fd = descriptorOf(socket)
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred, [UCRED_BYTES]) !== 0) {
      throw new Error('The kernel does not tell who is at the other end of a socket.')
    }
    return { pid: ucred.readInt32LE(0), uid: ucred.readUInt32LE(4), gid: ucred.readUInt32LE(8) }
  }
}

// Node has no public name for it; the handle of a socket has had it on every Unix since Node 0.
function descriptorOf(socket: Socket): number {
  const handle: unknown = '_handle' in socket ? socket._handle : undefined
  if (typeof handle === 'object' && handle !== null && 'fd' in handle) {
    if (typeof handle.fd === 'number' && handle.fd >= 0) return handle.fd
  }
  throw new Error('The socket is closed.')
}
