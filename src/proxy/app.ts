import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { ThrottledActivity } from './activity.ts'
import { enter, upgradeRoute } from './entry.ts'
import { hasBody } from './exchange.ts'
import { Failures } from './failures.ts'
import { Forwarder } from './forwarder.ts'
import { InFlight } from './in-flight.ts'
import type { Activity, Apps, Client, Door, Hops } from './parts.ts'
import { Targets } from './targets.ts'
import { responseOn } from './upgrade-answers.ts'
import { isWebSocketUpgrade, Upgrades, type UpgradeTimes } from './upgrade.ts'

const UPGRADE_TIMES: UpgradeTimes = { handshakeMs: 30_000, lingerMs: 5_000 }

/**
 * The data plane: everything at `/s/<id>/…`, on a server that somebody else listens with. Requests go through Fastify
 * and an exchange, upgrades become raw tunnels; both enter by the same door.
 */
export class DataPlane {
  readonly #activity: ThrottledActivity
  readonly #failures: Failures
  readonly #forwarder: Forwarder
  readonly #inFlight = new InFlight()
  readonly #targets: Targets
  readonly #upgrades: Upgrades
  #stopping = false

  constructor(parts: {
    server: Server
    door: Door
    hops: Hops
    apps: Apps
    activity: Activity
    /** Who sent a request, in the view of the http module, which knows what stands in front of it. */
    clientOf: (request: IncomingMessage) => Client
    log: Log
    upgradeTimes?: UpgradeTimes
  }) {
    const { server, door, hops, apps, clientOf, log } = parts
    this.#activity = new ThrottledActivity({ activity: parts.activity })
    this.#failures = new Failures({ log })
    this.#targets = new Targets({ hops, apps })
    const entryParts = { door, hops, apps, targets: this.#targets }
    this.#forwarder = new Forwarder({
      server,
      clientOf,
      activity: this.#activity,
      failures: this.#failures,
      enter: (request, route) => enter(request, 'request', route, entryParts),
    })
    this.#upgrades = new Upgrades({
      clientOf,
      activity: this.#activity,
      failures: this.#failures,
      enter: async (request) => enter(request, 'upgrade', upgradeRoute(request), entryParts),
      times: parts.upgradeTimes ?? UPGRADE_TIMES,
    })
  }

  /** Gets ready to handle requests; does not listen. */
  async start(): Promise<void> {
    await this.#forwarder.start()
  }

  /** Answers a request whose URL begins with `/s/`. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#stopping) {
      this.#failures.tell(request, response, stopping())
      return
    }
    this.#inFlight.add(response)
    this.#forwarder.handle(request, response)
  }

  /** Takes over the socket of an upgrade whose URL begins with `/s/`; `head` is what came behind the request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!(socket instanceof Socket)) {
      socket.destroy()
    } else if (this.#stopping) {
      this.#failures.tell(request, responseOn(socket, request), stopping())
    } else if (isWebSocketUpgrade(request)) {
      this.#upgrades.accept(request, socket, head).catch(() => socket.destroy())
    } else if (hasBody(request)) {
      // Node has stopped parsing, so the body cannot be told from what follows it.
      this.#failures.tell(request, responseOn(socket, request), new AtelierError('BAD_REQUEST'))
    } else {
      // An upgrade that we do not offer, such as h2c, may be ignored (RFC 9110, 7.8).
      this.handle(request, responseOn(socket, request))
    }
  }

  /** Closes all tunnels and connections of a session: it has ended, or its owner may no longer use it. */
  closeSession(id: string): void {
    this.#upgrades.close(id)
    this.#targets.close(id)
    this.#activity.forget(id)
  }

  /** Takes no more requests, lets those in flight finish for up to `graceMs`, then closes the tunnels. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    await this.#inFlight.finish(graceMs)
    this.#upgrades.stop()
    await this.#forwarder.stop()
    await this.#targets.destroy()
  }
}

function stopping(): AtelierError {
  return new AtelierError('SESSION_NOT_READY', 'This server is restarting. Try again shortly.')
}
