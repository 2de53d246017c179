import type { Socket } from 'node:net'
import { callbackify } from 'node:util'
import { type buildConnector, Pool } from 'undici'
import { connectToIde, ideConnector } from '../sessions/ide-connection.ts'
import type { Location, Session } from '../sessions/session.ts'
import type { SessionHeaders } from './headers.ts'
import type { Apps, Hops } from './parts.ts'
import type { AppRoute } from './route.ts'

/** Connections to one IDE at a time; a request that finds all of them busy waits for one. */
const CONNECTIONS = 256
const CONNECT_TIMEOUT_MS = 10_000
/** For IDEs that do not say how long they keep an idle connection; with Keep-Alive they are believed. */
const KEEP_ALIVE_MS = 30_000
/** For web apps: their servers close an idle connection after as little as five seconds. */
const APP_KEEP_ALIVE_MS = 3_000
/** How an app may call its own host in a redirect. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0']

/** Of an IDE's answer; Node's own limit of 16 KiB is met in practice. */
export const HEADER_BYTES = 65_536

/** An IDE or a web app as the data plane reaches it: made once for a session, used by each of its requests. */
export interface Target {
  readonly sessionId: string
  /** The port of a web app; undefined for the IDE. */
  readonly port: number | undefined
  /** Names what it reaches; of something else a new target is made. */
  readonly place: string
  readonly headers: SessionHeaders
  readonly pool: Pool
  /** A connection of its own, for a tunnel; it may still be under way. */
  connect(): Promise<Socket>
  /** False after it did not answer, so that this is logged once and not for each request. */
  reachable: boolean
}

/** The targets of the sessions that were used, each with its own connections, so that no two sessions share one. */
export class Targets {
  readonly #hops: Hops
  readonly #apps: Apps
  /** By session, then by path below it, which is empty for the IDE. */
  readonly #targets = new Map<string, Map<string, Target>>()

  constructor({ hops, apps }: { hops: Hops; apps: Apps }) {
    this.#hops = hops
    this.#apps = apps
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

  /** Closes all connections to the session's IDE and its web apps at once. */
  close(id: string): void {
    const targets = this.#targets.get(id)?.values() ?? []
    this.#targets.delete(id)
    for (const target of targets) void target.pool.destroy()
  }

  /** Closes all connections at once. */
  async destroy(): Promise<void> {
    const targets = [...this.#targets.values()].flatMap((each) => [...each.values()])
    this.#targets.clear()
    await Promise.all(targets.map((target) => target.pool.destroy()))
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
      headers: {
        prefix,
        keepsPrefix: ide.keepsPrefix,
        ide: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
        ...(ide.requestHeaders && {
          ofRequest: (url) => ide.requestHeaders?.({ prefix, url }) ?? {},
        }),
        upstream: host === undefined ? [] : [host],
      },
      pool: pool(host ?? 'localhost', KEEP_ALIVE_MS, ideConnector(location, CONNECT_TIMEOUT_MS)),
      // Whatever the error before somebody else listens to the socket, it is destroyed then.
      connect: async () => connectToIde(location).on('error', () => {}),
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
      headers: {
        prefix,
        keepsPrefix,
        // The app is told nothing that is the IDE's: neither its secret nor its cookies.
        ide: {},
        hiddenCookies: this.#hops.ide(session.ide).cookies,
        upstream,
      },
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
