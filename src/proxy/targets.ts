import { callbackify } from 'node:util'
import { type buildConnector, Pool } from 'undici'
import { connectToIde, ideConnector } from '../sessions/ide-connection.ts'
import type { Location, Session } from '../sessions/session.ts'
import type { Peer } from '../peers/peer.ts'
import type { PeerTls } from '../peers/peer-tls.ts'
import { requestHeaders, responseHeaders, type SessionHeaders } from './headers.ts'
import type { Apps, Hopping, Hops } from './parts.ts'
import { peerTarget } from './peer-target.ts'
import type { AppRoute } from './route.ts'
import { HEADER_BYTES, type Target } from './target.ts'
import { upstreamError } from './upstream-error.ts'

/** Connections to one IDE at a time; a request that finds all of them busy waits for one. */
const CONNECTIONS = 256
const CONNECT_TIMEOUT_MS = 10_000
/** For IDEs that do not say how long they keep an idle connection; with Keep-Alive they are believed. */
const KEEP_ALIVE_MS = 30_000
/** For web apps: their servers close an idle connection after as little as five seconds. */
const APP_KEEP_ALIVE_MS = 3_000
/** How an app may call its own host in a redirect. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0']

/**
 * The targets of the sessions that were used, each with its own connections, so that no two sessions share one; and the
 * other nodes, each with connections for all sessions that it holds.
 */
export class Targets {
  readonly #hops: Hops
  readonly #apps: Apps
  readonly #hopping: Hopping
  readonly #peerTls: PeerTls | undefined
  readonly #withheld: string | undefined
  readonly #peers = new Map<string, Target>()
  /** By session, then by path below it, which is empty for the IDE. */
  readonly #targets = new Map<string, Map<string, Target>>()

  constructor(parts: {
    hops: Hops
    apps: Apps
    hopping: Hopping
    /** What other nodes are shown whose URL is one of https. */
    peerTls?: PeerTls | undefined
    /** The name of a header that nobody gets but other nodes. */
    withheld?: string | undefined
  }) {
    this.#hops = parts.hops
    this.#apps = parts.apps
    this.#hopping = parts.hopping
    this.#peerTls = parts.peerTls
    this.#withheld = parts.withheld?.toLowerCase()
  }

  /** The target of a session whose next hop is `location`; a new one if the session moved. */
  ofIde(session: Session, location: Location): Target {
    const address = location.kind === 'socket' ? location.path : authority(location)
    const place = `${session.epoch} ${address}`
    return this.#of(session.id, '', place, () => this.#createIde(session, location, place))
  }

  /** The target of a web app whose socket is named `listener`; a new one if another program listens by now. */
  ofApp(session: Session, route: AppRoute, listener: string): Target {
    const place = `${session.epoch} ${listener}`
    return this.#of(session.id, route.prefix, place, () => this.#createApp(session, route, place))
  }

  /** The target of another node; a new one if it answers elsewhere by now. */
  ofPeer(peer: Peer): Target {
    // To one that ends no connection that was kept is used, as it may be closed just when a request is written to it.
    const place = peer.leaving ? `${peer.url} leaving` : peer.url
    const known = this.#peers.get(peer.name)
    if (known?.place === place) return known
    void known?.pool.close()
    const target = { ...peerTarget(peer, this.#hopping, this.#peerTls), place }
    this.#peers.set(peer.name, target)
    return target
  }

  /** Closes all connections to the session's IDE and its web apps at once. */
  close(id: string): void {
    const targets = this.#targets.get(id)?.values() ?? []
    this.#targets.delete(id)
    for (const target of targets) void target.pool.destroy()
  }

  /** Closes all connections at once. */
  async destroy(): Promise<void> {
    const targets = [...this.#targets.values()].flatMap((each) => [...each.values()])
    const peers = [...this.#peers.values()]
    this.#targets.clear()
    this.#peers.clear()
    await Promise.all([...targets, ...peers].map((target) => target.pool.destroy()))
  }

  #of(id: string, key: string, place: string, create: () => Target): Target {
    let targets = this.#targets.get(id)
    if (targets === undefined) this.#targets.set(id, (targets = new Map()))
    const known = targets.get(key)
    if (known !== undefined) {
      if (known.place === place) return known
      void known.pool.close()
    }
    const target = create()
    targets.set(key, target)
    return target
  }

  #createIde(session: Session, location: Location, place: string): Target {
    const ide = this.#hops.ide(session.ide)
    const headers = Object.entries(ide.headers(this.#hops.secretOf(session)))
    const prefix = `/s/${session.id}`
    const host = location.kind === 'address' ? authority(location) : undefined
    return {
      sessionId: session.id,
      port: undefined,
      place,
      ...rewriting({
        prefix,
        keepsPrefix: ide.keepsPrefix,
        ide: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
        ...(ide.requestHeaders && {
          ofRequest: (url) => ide.requestHeaders?.({ prefix, url }) ?? {},
        }),
        withheld: this.#withheld,
        upstream: host === undefined ? [] : [host],
      }),
      pool: pool(host ?? 'localhost', KEEP_ALIVE_MS, ideConnector(location, CONNECT_TIMEOUT_MS)),
      connect: async () => {
        try {
          // Whatever the error before somebody else listens to the socket, it is destroyed then.
          return (await connectToIde(location, CONNECT_TIMEOUT_MS)).on('error', () => {})
        } catch (error) {
          throw upstreamError(error)
        }
      },
      reachable: true,
    }
  }

  #createApp(session: Session, { port, prefix, keepsPrefix }: AppRoute, place: string): Target {
    const connect = () => this.#apps.connect(session, port)
    const upstream = LOOPBACK_NAMES.map((host) => `${host}:${port}`)
    return {
      sessionId: session.id,
      port,
      place,
      ...rewriting({
        prefix,
        keepsPrefix,
        // The app is told nothing that is the IDE's: neither its secret nor its cookies.
        ide: {},
        hiddenCookies: this.#hops.ide(session.ide).cookies,
        withheld: this.#withheld,
        upstream,
      }),
      pool: pool(`localhost:${port}`, APP_KEEP_ALIVE_MS, (_options, callback) => {
        callbackify(connect)((error, socket) => {
          if (error instanceof Error) callback(error, null)
          else callback(null, socket)
        })
      }),
      connect,
      reachable: true,
    }
  }
}

function rewriting(headers: SessionHeaders): Pick<Target, 'requestHeaders' | 'responseHeaders'> {
  return {
    requestHeaders: (request, client) => requestHeaders(request, client, headers),
    responseHeaders: (answered, host) => responseHeaders(answered, host, headers),
  }
}

function pool(host: string, keepAliveTimeout: number, connect: buildConnector.connector): Pool {
  return new Pool(`http://${host}`, {
    connections: CONNECTIONS,
    pipelining: 1,
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout,
    connect,
  })
}

function authority({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
