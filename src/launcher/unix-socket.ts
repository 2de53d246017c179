import { once } from 'node:events'
import { chmodSync, chownSync, lstatSync, mkdirSync, statSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'
import { systemCode } from '../errors.ts'

/** Longest path of a unix socket in bytes: `sun_path` holds 108 on Linux and 104 elsewhere, with a zero at its end. */
export const MAX_SOCKET_PATH_BYTES = 103

/** Somebody listens on the socket already. */
export class SocketTakenError extends Error {
  override readonly name = 'SocketTakenError'

  constructor(path: string) {
    super(`another launcher is running: it listens on ${path}`)
  }
}

/**
 * Makes a directory for sockets and keys of ours, or takes one that is there: only our own account, and a `group` if there
 * is one, may enter it.
 */
export function ownDirectory(path: string, group: number | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (group !== undefined) chownSync(path, statSync(path).uid, group)
  chmodSync(path, group === undefined ? 0o700 : 0o750)
}

/**
 * Listens on a unix socket that only our own account, and a `group` if there is one, may use. The file that a killed process left is replaced;
 * throws SocketTakenError if somebody listens there already.
 */
export async function listenOnUnixSocket(
  server: Server,
  path: string,
  group?: number,
): Promise<void> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new Error(`${path} is too long for a socket: at most ${MAX_SOCKET_PATH_BYTES} bytes`)
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await listen(server, path)
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error
    if (!lstatSync(path).isSocket()) throw new Error(`${path} exists and is not a socket`)
    if (await answers(path)) throw new SocketTakenError(path)
    unlinkSync(path)
    await listen(server, path)
  }
  if (group !== undefined) chownSync(path, statSync(path).uid, group)
  chmodSync(path, group === undefined ? 0o600 : 0o660)
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path)
  await once(server, 'listening')
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    if (systemCode(error) === 'ECONNREFUSED') return false
    throw error
  } finally {
    socket.destroy()
  }
}
