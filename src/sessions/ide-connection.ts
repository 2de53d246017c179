import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { buildConnector } from 'undici'
import { AtelierError } from '../errors.ts'
import type { Location } from './session.ts'

/** O_PATH of open(2), which Node does not name; the same number on all machines that Node runs on under Linux. */
const O_PATH = 0o10000000

/** What undici's own connections buffer. */
const BUFFER_BYTES = 65_536

/**
 * Begins a connection to an IDE. Throws IDE_UNREACHABLE when what is at the path of a socket is anything else or belongs
 * to another account than the directory it is in: that directory is the session's, which could put a link there.
 */
export function connectToIde(location: Location): Socket {
  if (location.kind === 'address') return connect(location.port, location.host)
  const fd = openSocket(location.path)
  let open = true
  const close = (): void => {
    if (open) closeSync(fd)
    open = false
  }
  try {
    // By its descriptor: at the path there could be something else by now.
    const options = { path: `/proc/self/fd/${fd}`, highWaterMark: BUFFER_BYTES }
    return connect(options).once('connect', close).once('close', close)
  } catch (error) {
    close()
    throw error
  }
}

/** How undici connects to an IDE, as `connectToIde` does; `timeout` in ms is for addresses, a socket answers at once. */
export function ideConnector(location: Location, timeout: number): buildConnector.connector {
  if (location.kind === 'address') return buildConnector({ timeout })
  return (_options, callback) => {
    let socket: Socket
    try {
      socket = connectToIde(location)
    } catch (error) {
      // Later, as undici expects it.
      queueMicrotask(() => callback(asError(error), null))
      return
    }
    const onError = (error: Error): void => callback(error, null)
    socket.once('error', onError).once('connect', () => {
      socket.off('error', onError)
      callback(null, socket)
    })
  }
}

/** A descriptor of the very file at the path, checked to be the session's own socket; it does not follow links. */
function openSocket(path: string): number {
  let fd: number | undefined
  try {
    fd = openSync(path, O_PATH | constants.O_NOFOLLOW)
    const socket = fstatSync(fd)
    const directory = lstatSync(dirname(path))
    if (socket.isSocket() && directory.isDirectory() && socket.uid === directory.uid) return fd
  } catch (cause) {
    if (fd !== undefined) closeSync(fd)
    throw new AtelierError('IDE_UNREACHABLE', undefined, { cause })
  }
  closeSync(fd)
  throw new AtelierError('IDE_UNREACHABLE', undefined, {
    cause: new Error(`${path} is not a socket of the session's own.`),
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
