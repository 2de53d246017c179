import type { SendHandle } from 'node:child_process'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError, systemCode } from './errors.ts'
import { answerParserErrors, endWithError, isBeingAnswered } from './http-errors.ts'

const LISTEN_ATTEMPTS = 12
const LISTEN_RETRY_MS = 250

/** Traffic to sessions, as the server hands it over. */
export interface DataPlane {
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** A server whose time limits suit sessions: uploads and long polls may take for ever, sending a request head may not. */
export function createHttpServer(): Server {
  const server = createServer({
    requestTimeout: 0,
    headersTimeout: 30_000,
    keepAliveTimeout: 75_000,
    // Both of a browser's cookies and an IDE's can grow; Node's own limit of 16 KiB is met in practice.
    maxHeaderSize: 64 * 1024,
  })
  answerParserErrors(server)
  return server
}

/** Traffic for a session starts with /s/; all else is ours to answer. */
export function isSessionTraffic(url: string | undefined): boolean {
  return url !== undefined && /^\/s(\/|$|\?)/.test(url)
}

/** One port, two planes: the control plane answers for the node, the data plane carries the sessions. */
export function connectPlanes(
  server: Server,
  control: RequestListener,
  dataPlane: DataPlane,
): void {
  server.on('request', (request, response) => {
    if (isSessionTraffic(request.url)) dataPlane.handle(request, response)
    else control(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    // Node leaves an upgraded socket to us: without a listener its reset would end the process.
    socket.on('error', () => socket.destroy())
    // Behind a request that is not answered yet: no browser does so, and there is no place for a second answer.
    if (isBeingAnswered(socket)) return void socket.destroy()
    if (isSessionTraffic(request.url)) return dataPlane.upgrade(request, socket, head)
    endWithError(socket, new AtelierError('NOT_FOUND'))
  })
}

/** Thrown when another program listens on the wanted port. */
export class PortTakenError extends Error {
  constructor(host: string, port: number) {
    super(
      `Port ${port} on ${host} is in use by another program. Stop that program, or choose another port with --set server.port=${port + 1}`,
    )
    this.name = 'PortTakenError'
  }
}

/** The handle of a server that listens, to be shared with another process; Node names the property in `server.listen`. */
export function handleOf(server: Server): SendHandle | undefined {
  return '_handle' in server ? (server._handle as SendHandle) : undefined
}

/**
 * Listens on a socket that another process has opened, and answers its address. Throws when an inherited descriptor
 * (`fd`) is none that can listen for TCP.
 */
export async function listenOnHandle(server: Server, handle: object): Promise<AddressInfo> {
  try {
    return await listenOnce(server, handle)
  } catch (error) {
    if (!('fd' in handle)) throw error
    throw new Error(
      `The inherited descriptor ${String(handle.fd)} is no listening TCP socket. A socket unit needs ListenStream= with a port, and Accept=no.`,
      { cause: error },
    )
  }
}

/**
 * Listens and answers the address. A taken port is tried again for 3 s, as our own predecessor may be about to leave it;
 * then PortTakenError is thrown.
 */
export async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenOnce(server, { host, port })
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE') throw error
      if (attempt >= LISTEN_ATTEMPTS) throw new PortTakenError(host, port)
      await delay(LISTEN_RETRY_MS)
    }
  }
}

async function listenOnce(server: Server, where: object): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address
}

/** Stops accepting, lets requests in flight finish for up to `grace` ms, then closes what is left. */
export async function closeServer(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), grace)
  await closed
  clearTimeout(force)
}

/** Who sent a request: the other end of its connection, as nothing in front of us is trusted to say otherwise yet. */
export function clientOf(request: IncomingMessage): { address: string; scheme: 'http' | 'https' } {
  return { address: request.socket.remoteAddress ?? '', scheme: 'http' }
}
