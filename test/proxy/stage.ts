import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { AtelierError } from '../../src/errors.ts'
import type { Ide } from '../../src/ides/ide.ts'
import type { Log } from '../../src/log.ts'
import { clientOf, createPeerServer, isSessionTraffic } from '../../src/http.ts'
import type { PeerTls } from '../../src/peers/peer-tls.ts'
import { NO_PEERS } from '../../src/peers/no-peers.ts'
import { SealedHops } from '../../src/peers/sealed-hops.ts'
import { DataPlane } from '../../src/proxy/app.ts'
import type { Apps, Peers } from '../../src/proxy/parts.ts'
import type { WaitTimes } from '../../src/proxy/tries.ts'
import type { UpgradeTimes } from '../../src/proxy/upgrade.ts'
import type { Session } from '../../src/sessions/session.ts'

/** Anything with a teardown, as tap's tests have. */
export interface Teardown {
  teardown(fn: () => unknown): void
}

/** What a client saw of an answer. */
export interface Seen {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** Waits until the condition holds; fails with what it waited for after 20 s. */
export async function until(what: string, condition: () => unknown): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (condition()) return
    await delay(10)
  }
  throw new Error(`waited in vain until ${what}`)
}

/** An IDE made for a test: an HTTP server on a unix socket, that counts its connections. */
export async function upstream(t: Teardown, server: Server = createServer()) {
  const directory = mkdtempSync(join(tmpdir(), 'proxy-'))
  const path = join(directory, 'ide.sock')
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  return { server, path, sockets }
}

/** An IDE that echoes bodies and tells what it got in the header x-seen. */
export async function echo(t: Teardown) {
  const ide = await upstream(t)
  const hits: string[] = []
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    hits.push(`${request.method} ${request.url}`)
    response.setHeader('x-seen', JSON.stringify(request.headers))
    request.pipe(response)
  })
  return { ...ide, hits }
}

/** The request's headers as an echoing IDE saw them. */
export function seenBy(headers: IncomingMessage['headers']): Record<string, string> {
  return JSON.parse(String(headers['x-seen'])) as Record<string, string>
}

/** A session on a unix socket, or wherever `changes` says. */
export function session(id: string, path: string, changes: Partial<Session> = {}): Session {
  const now = new Date()
  return {
    id,
    user: 'ada',
    name: null,
    ide: 'vscode',
    python: null,
    r: null,
    profile: null,
    folder: null,
    limits: null,
    desired: 'running',
    state: 'Active',
    reason: null,
    logTail: null,
    node: 'here',
    epoch: 1,
    version: 1,
    jobId: null,
    location: { kind: 'socket', path },
    createdAt: now,
    stateAt: now,
    lastUsedAt: now,
    lastBusyAt: null,
    keepUntil: null,
    stopReason: null,
    ...changes,
  }
}

/** The key that all stages share. */
export const HOP_KEY = Buffer.alloc(32, 'k')

const NO_APPS: Apps = {
  find: () => Promise.reject(new AtelierError('PORT_NOT_SERVED')),
  connect: () => Promise.reject(new AtelierError('PORT_NOT_SERVED')),
}

/** A data plane on a real port; jupyterlab keeps its prefix and wants a token, vscode neither. */
export async function stage(
  t: Teardown,
  parts: {
    sessions: readonly Session[]
    upgradeTimes?: UpgradeTimes
    waitTimes?: WaitTimes
    apps?: Apps
    /** Its name. */
    node?: string
    peers?: Peers
    peerTls?: PeerTls
    port?: number
    /** Makes it speak TLS, with other nodes alone. */
    tls?: PeerTls
    /** Answers what is not for the data plane. */
    control?: (plane: DataPlane, hopping: SealedHops) => RequestListener
  },
) {
  const sessions = new Map(parts.sessions.map((each) => [each.id, each]))
  const admitted: [id: string, kind: string][] = []
  const activity: string[] = []
  /** Sessions at which somebody was at work, for whom the sign-in goes on. */
  const signInUses: string[] = []
  /** What is to end when the sign-in does. */
  const followed = new Set<() => void>()
  /** The Set-Cookie headers of the next answers. */
  const renewals: (string | undefined)[] = []
  const logged: [level: string, fields: unknown][] = []
  const write = (level: string) => (fields: unknown) => void logged.push([level, fields])
  const server = parts.tls ? createPeerServer(parts.tls) : createServer({ requestTimeout: 0 })
  const node = parts.node ?? 'here'
  const hopping = new SealedHops({ key: HOP_KEY, node })
  const ide = (name: Ide['name']): Ide => ({
    name,
    title: name,
    keepsPrefix: name !== 'vscode',
    command: () => Promise.reject(new Error('not here')),
    ...(name === 'vscode' && { cookies: /^ide-/ }),
    headers: (secret): Record<string, string> =>
      name === 'vscode' ? {} : { Authorization: `token ${secret}` },
    ready: () => Promise.resolve(true),
    busy: () => Promise.resolve(false),
    isUse: ({ path }) => !path.startsWith('/poll'),
    isUseFrame: ({ start }) => start.toString() !== 'by itself',
  })
  const plane = new DataPlane({
    server,
    door: {
      admit: (request, id, kind) => {
        admitted.push([id, kind])
        const found = sessions.get(id)
        const isOwner = request.headers['x-test-user'] !== 'eve'
        return found && isOwner
          ? Promise.resolve({
              session: found,
              used: () => void signInUses.push(id),
              follow: (end: () => void) => {
                followed.add(end)
                return () => void followed.delete(end)
              },
              renewal: () => Promise.resolve(renewals.shift()),
            })
          : Promise.reject(new AtelierError('SESSION_NOT_FOUND'))
      },
    },
    apps: parts.apps ?? NO_APPS,
    peers: parts.peers ?? NO_PEERS,
    withheld: 'X-Remote-User',
    hopping,
    peerTls: parts.peerTls,
    hops: { node, ide, secretOf: ({ id }) => `secret-of-${id}` },
    activity: { used: (id) => void activity.push(`used ${id}`) },
    clientOf: (request) => clientOf(request, hopping.open(request)),
    log: {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    } as unknown as Log,
    ...(parts.upgradeTimes ? { upgradeTimes: parts.upgradeTimes } : undefined),
    ...(parts.waitTimes ? { waitTimes: parts.waitTimes } : undefined),
  })
  await plane.start()
  const control = parts.control?.(plane, hopping)
  server.on('request', (request, response) => {
    if (control === undefined || isSessionTraffic(request.url)) plane.handle(request, response)
    else control(request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    plane.upgrade(request, socket, head)
  })
  server.listen(parts.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  t.teardown(async () => {
    await plane.stop(0)
    server.closeAllConnections()
    server.close()
  })
  return {
    plane,
    server,
    port,
    sessions,
    admitted,
    activity,
    signInUses,
    followed,
    renewals,
    logged,
  }
}

/** Asks the server and reads the whole answer. */
export async function ask(
  port: number,
  path: string,
  options: {
    method?: string
    headers?: Record<string, string | string[]>
    body?: Buffer | string
  } = {},
): Promise<Seen> {
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    path,
    method: options.method ?? 'GET',
    headers: options.headers ?? {},
    agent: false,
  })
  request.end(options.body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const { statusCode = 0, headers, rawHeaders } = response
  return { status: statusCode, headers, rawHeaders, body: Buffer.concat(chunks) }
}

/** Sends bytes as they are and reads until the server closes, or until `enough`. */
export async function raw(
  port: number,
  bytes: string,
  enough: (text: string) => boolean = () => false,
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    if (enough(text)) socket.destroy()
  })
  socket.write(bytes, 'latin1')
  await once(socket, 'close')
  return text
}
