import type { SendHandle } from 'node:child_process'
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, Server as NetServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError, systemCode } from './errors.ts'
import { answerParserErrors, endWithError, isBeingAnswered } from './http-errors.ts'
import { leadTo } from './lead-to.ts'
import type { PeerTls } from './peers/peer-tls.ts'

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

const LISTEN_ATTEMPTS = 12
const LISTEN_RETRY_MS = 250
/** A connection without a request for so long is closed when the server is. */
const LULL_MS = 500

/** Traffic to sessions, as the server hands it over. */
export interface DataPlane {
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** Time limits that suit sessions: uploads and long polls may take for ever, sending a request head may not. */
const LIMITS: ServerOptions = {
  requestTimeout: 0,
  headersTimeout: 30_000,
  keepAliveTimeout: 75_000,
  // Both of a browser's cookies and an IDE's can grow; Node's own limit of 16 KiB is met in practice.
  maxHeaderSize: 64 * 1024,
}

/** Responses of which each is the last of its connection once the server has begun to close, also those under way by then. */
function responsesOf(isOpen: () => boolean): typeof ServerResponse {
  return class<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
    override writeHead(status: number, message?: string, headers?: Headers): this
    override writeHead(status: number, headers?: Headers): this
    override writeHead(status: number, ...rest: [(string | Headers)?, Headers?]): this {
      if (!isOpen()) this.shouldKeepAlive = false
      return super.writeHead(status, ...(rest as [string?, Headers?]))
    }
  }
}

/** A server for browsers and other nodes. */
export function createHttpServer(): Server {
  const server: Server = createServer({
    ...LIMITS,
    ServerResponse: responsesOf(() => server.listening),
  })
  answerParserErrors(server)
  return server
}

/** A server for other nodes alone: nobody gets as far as a request who shows no certificate that `tls.ca` has signed. */
export function createPeerServer(tls: PeerTls): Server {
  const server: Server = createTlsServer({
    ...LIMITS,
    ServerResponse: responsesOf(() => server.listening),
    cert: tls.cert,
    key: tls.key,
    ca: tls.ca,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  })
  answerParserErrors(server)
  return server
}

/** Traffic for a session starts with /s/; all else is ours to answer. */
export function isSessionTraffic(url: string | undefined): boolean {
  return url !== undefined && /^\/s(\/|$|\?)/.test(url)
}

/**
 * One port, two planes: the control plane answers for the node, the data plane carries the sessions. `redirect` answers the
 * URL at which a browser is to repeat a request that this node does not take.
 */
export function connectPlanes(
  server: Server,
  control: RequestListener,
  dataPlane: DataPlane,
  { redirect }: { redirect?: (request: IncomingMessage) => string | undefined } = {},
): void {
  server.on('request', (request, response) => {
    const elsewhere = redirect?.(request)
    if (elsewhere !== undefined) leadTo(elsewhere, request, response)
    else if (isSessionTraffic(request.url)) dataPlane.handle(request, response)
    else control(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    // Node leaves an upgraded socket to us: without a listener its reset would end the process.
    socket.on('error', () => socket.destroy())
    // Behind a request that is not answered yet: no browser does so, and there is no place for a second answer.
    if (isBeingAnswered(socket)) return void socket.destroy()
    if (redirect?.(request) !== undefined) {
      return endWithError(socket, new AtelierError('MISDIRECTED'))
    }
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

/**
 * Stops accepting, and lets requests finish for up to `grace` ms, also those that still come on open connections: each is
 * the last of its connection. Connections without any are closed after a moment, and what is left at the end.
 */
export async function closeServer(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // Not the HTTP server's own: that closes idle connections at once, and a request may be on its way on one of them.
    NetServer.prototype.close.call(server, () => resolve())
  })
  // After what has arrived is read: on a busy server a request may have waited longer than that.
  const idle = setInterval(() => setImmediate(() => server.closeIdleConnections()), LULL_MS)
  const force = setTimeout(() => server.closeAllConnections(), grace)
  await closed
  clearInterval(idle)
  clearTimeout(force)
  // Ends the timer by which the HTTP server looks after its connections.
  server.close()
}

/** The other end as the browser's side sees it. */
export interface Client {
  readonly address: string
  readonly scheme: 'http' | 'https'
}

/**
 * Who sent a request: whoever it is for the node that passed it on, else the other end of the connection. What stands in
 * front of us at a trusted address is believed that the browser came to it by TLS (X-Forwarded-Proto), and nothing else yet.
 */
export function clientOf(
  request: IncomingMessage,
  passedOn?: { readonly client: Client },
  isTrusted: (address: string) => boolean = () => false,
): Client {
  if (passedOn !== undefined) return passedOn.client
  const address = request.socket.remoteAddress ?? ''
  const saysTls = request.headers['x-forwarded-proto'] === 'https'
  const isTls = 'encrypted' in request.socket || (saysTls && isTrusted(address))
  return { address, scheme: isTls ? 'https' : 'http' }
}
