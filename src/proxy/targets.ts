import { Pool } from 'undici'
import { ideConnector } from '../sessions/ide-connection.ts'
import type { Location, Session } from '../sessions/session.ts'
import type { SessionHeaders } from './headers.ts'
import type { Hops } from './parts.ts'

/** Connections to one IDE at a time; a request that finds all of them busy waits for one. */
const CONNECTIONS = 256
const CONNECT_TIMEOUT_MS = 10_000
/** For IDEs that do not say how long they keep an idle connection; with Keep-Alive they are believed. */
const KEEP_ALIVE_MS = 30_000

/** Of an IDE's answer; Node's own limit of 16 KiB is met in practice. */
export const HEADER_BYTES = 65_536

/** An IDE as the data plane reaches it: made once for a session at a location, used by each of its requests. */
export interface Target {
  readonly sessionId: string
  readonly location: Location
  readonly epoch: number
  readonly headers: SessionHeaders
  readonly pool: Pool
  /** False after it did not answer, so that this is logged once and not for each request. */
  reachable: boolean
}

/** The targets of the sessions that were used, each with its own connections, so that no two sessions share one. */
export class Targets {
  readonly #hops: Hops
  readonly #targets = new Map<string, Target>()

  constructor({ hops }: { hops: Hops }) {
    this.#hops = hops
  }

  /** The target of a session whose next hop is `location`; a new one if the session moved. */
  of(session: Session, location: Location): Target {
    const known = this.#targets.get(session.id)
    if (known !== undefined) {
      if (known.epoch === session.epoch && isSame(known.location, location)) return known
      void known.pool.close()
    }
    const target = this.#create(session, location)
    this.#targets.set(session.id, target)
    return target
  }

  /** Closes all connections to the session's IDE at once. */
  close(id: string): void {
    const target = this.#targets.get(id)
    this.#targets.delete(id)
    if (target !== undefined) void target.pool.destroy()
  }

  /** Closes all connections to all IDEs at once. */
  async destroy(): Promise<void> {
    const targets = [...this.#targets.values()]
    this.#targets.clear()
    await Promise.all(targets.map((target) => target.pool.destroy()))
  }

  #create(session: Session, location: Location): Target {
    const ide = this.#hops.ide(session.ide)
    const headers = Object.entries(ide.headers(this.#hops.secretOf(session)))
    const prefix = `/s/${session.id}`
    const upstream = location.kind === 'address' ? authority(location) : undefined
    return {
      sessionId: session.id,
      location,
      epoch: session.epoch,
      headers: {
        prefix,
        keepsPrefix: ide.keepsPrefix,
        ide: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
        ...(ide.requestHeaders && {
          ofRequest: (url) => ide.requestHeaders?.({ prefix, url }) ?? {},
        }),
        upstream,
      },
      pool: new Pool(`http://${upstream ?? 'localhost'}`, {
        connections: CONNECTIONS,
        pipelining: 1,
        maxHeaderSize: HEADER_BYTES,
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connect: ideConnector(location, CONNECT_TIMEOUT_MS),
      }),
      reachable: true,
    }
  }
}

function authority({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function isSame(one: Location, other: Location): boolean {
  return one.kind === 'socket'
    ? other.kind === 'socket' && one.path === other.path
    : other.kind === 'address' && one.host === other.host && one.port === other.port
}
