import { connect, type Socket } from 'node:net'
import type { JobPort } from '../launcher/job.ts'
import { appUnreachable, type PortOwner, type SessionPorts } from './session-ports.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** As often as an app may be started anew while we connect to it. */
const ATTEMPTS = 3
/** What undici's own connections buffer. */
const BUFFER_BYTES = 65_536

/**
 * A connection to a web app that the session serves on this port of our loopback, and to nobody else: the same socket
 * listened there before the connection was made and after it, so none of another account took its place in between.
 * Throws PORT_NOT_SERVED, APP_UNREACHABLE, or LAUNCHER_UNAVAILABLE when nobody can say who listens.
 */
export async function connectToApp(
  ports: Pick<SessionPorts, 'find' | 'stillServes' | 'list'>,
  session: PortOwner,
  port: number,
): Promise<Socket> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const served of await ports.find(session, port)) {
      const socket = await open(served)
      if (socket === undefined) continue
      const isOwn = await ports.stillServes(session, served).catch((error: unknown) => {
        socket.destroy()
        throw error
      })
      if (isOwn && !socket.destroyed) return socket
      socket.destroy()
    }
    // What was known of its ports is out of date.
    await ports.list(session)
  }
  throw appUnreachable(port)
}

/** A connection; undefined if there is none to be had. */
function open({ address, port }: JobPort): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const options = { host: address, port, noDelay: true, highWaterMark: BUFFER_BYTES }
    const socket = connect(options)
    const limit = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS)
    // Whatever the error, 'close' comes next; it stays until somebody else listens to the socket.
    socket.on('error', () => {})
    socket.once('close', () => {
      clearTimeout(limit)
      resolve(undefined)
    })
    socket.once('connect', () => {
      clearTimeout(limit)
      resolve(socket)
    })
  })
}
