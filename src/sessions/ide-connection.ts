import { once } from 'node:events'
import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { callbackify } from 'node:util'
import { buildConnector } from 'undici'
import { AtelierError, systemCode } from '../errors.ts'
import type { Location } from './session.ts'

/** O_PATH of open(2), which Node does not name; the same number on all machines that Node runs on under Linux. */
const O_PATH = 0o10000000

/** What undici's own connections buffer. */
const BUFFER_BYTES = 65_536

/** From one try to the next when the line before a socket is full: between one and two of these. */
const FULL_PAUSE_MS = 20

/**
 * Connects to an IDE, within `timeout` ms. Throws IDE_UNREACHABLE when what is at the path of a socket is anything else or
 * belongs to another account than the directory it is in: that directory is the session's, which could put a link there.
 */
export async function connectToIde(location: Location, timeout: number): Promise<Socket> {
  const deadline = performance.now() + timeout
  for (;;) {
    const socket = begin(location)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(timeout) })
      return socket
    } catch (error) {
      socket.destroy()
      if (isTimeout(error)) throw new AtelierError('IDE_TIMEOUT', undefined, { cause: error })
      // Too many wait already to be accepted, as when all come back at once. TCP tries again by itself; unix sockets do not.
      if (systemCode(error) !== 'EAGAIN' || performance.now() > deadline) throw error
    }
    await delay(FULL_PAUSE_MS * (1 + Math.random()))
  }
}

/** How undici connects to an IDE, as `connectToIde` does. */
export function ideConnector(location: Location, timeout: number): buildConnector.connector {
  if (location.kind === 'address') return buildConnector({ timeout })
  return (_options, callback) => {
    callbackify(connectToIde)(location, timeout, (error, socket) => {
      if (error instanceof Error) callback(error, null)
      else callback(null, socket)
    })
  }
}

function begin(location: Location): Socket {
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

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
