import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AtelierError, asAtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { PeerTls } from '../peers/peer-tls.ts'
import type { Held } from '../sessions/held.ts'
import { ThrottledActivity } from './activity.ts'
import {
  enter,
  type Entry,
  type EntryParts,
  passedOnFor,
  standpoint,
  upgradeRoute,
} from './entry.ts'
import { hasBody } from './exchange.ts'
import { Failures } from './failures.ts'
import { Forwarder } from './forwarder.ts'
import { InFlight } from './in-flight.ts'
import type { Activity, Apps, Client, Door, Hopping, Hops, Peers } from './parts.ts'
import { PassedRequests } from './passing.ts'
import { holderOf } from './route.ts'
import { Targets } from './targets.ts'
import type { WaitTimes } from './tries.ts'
import { responseOn } from './upgrade-answers.ts'
import { isWebSocketUpgrade, Upgrades, type UpgradeTimes } from './upgrade.ts'

const UPGRADE_TIMES: UpgradeTimes = { handshakeMs: 30_000, lingerMs: 5_000 }
/** The restart of a node takes less, on a busy server too; whoever waits longer is told. */
const WAIT_TIMES: WaitTimes = { pauseMs: 100, longestMs: 15_000 }
/** Without a request for so long, a stopping node waits for none any more. */
const LULL_MS = 250

/**
 * The data plane: everything at `/s/<id>/…`, on a server that somebody else listens with. Requests go through Fastify
 * and an exchange, upgrades become raw tunnels; both enter by the same door.
 */
export class DataPlane {
  readonly #activity: ThrottledActivity
  readonly #entryParts: EntryParts
  readonly #failures: Failures
  readonly #forwarder: Forwarder
  readonly #inFlight = new InFlight()
  readonly #passed: PassedRequests
  readonly #targets: Targets
  readonly #upgrades: Upgrades
  #phase: 'serving' | 'finishing' | 'ended' = 'serving'

  constructor(parts: {
    server: Server
    door: Door
    hops: Hops
    /** The other nodes, and how requests are passed on to them. */
    peers: Peers
    hopping: Hopping
    /** What other nodes are shown whose URL is one of https. */
    peerTls?: PeerTls | undefined
    apps: Apps
    /** The name of a header that no IDE gets: by it a proxy in front says who asks. */
    withheld?: string
    activity: Activity
    /** Who sent a request, in the view of the http module, which knows what stands in front of it. */
    clientOf: (request: IncomingMessage) => Client
    log: Log
    upgradeTimes?: UpgradeTimes
    waitTimes?: WaitTimes
  }) {
    const { server, clientOf, log, hopping, peers } = parts
    const waitTimes = parts.waitTimes ?? WAIT_TIMES
    this.#activity = new ThrottledActivity({ activity: parts.activity })
    this.#failures = new Failures({ log, hopping })
    this.#targets = new Targets(parts)
    const { door, hops, apps } = parts
    const entryParts = { door, hops, hopping, peers, apps, targets: this.#targets }
    this.#entryParts = entryParts
    this.#passed = new PassedRequests({ peers, times: waitTimes })
    this.#forwarder = new Forwarder({
      server,
      clientOf,
      activity: this.#activity,
      failures: this.#failures,
      passed: this.#passed,
      enter: (request, route) => enter(request, 'request', route, entryParts),
    })
    this.#upgrades = new Upgrades({
      clientOf,
      activity: this.#activity,
      failures: this.#failures,
      enter: async (request) => enter(request, 'upgrade', upgradeRoute(request), entryParts),
      times: parts.upgradeTimes ?? UPGRADE_TIMES,
      peers,
      waitTimes,
    })
  }

  /** Gets ready to handle requests; does not listen. */
  async start(): Promise<void> {
    await this.#forwarder.start()
  }

  /** Answers a request whose URL begins with `/s/`. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#phase === 'ended') {
      this.#failures.tell(request, response, new AtelierError('NODE_STOPPING'))
      return
    }
    this.#inFlight.add(response)
    this.#forwarder.handle(request, response)
  }

  /** Takes over the socket of an upgrade whose URL begins with `/s/`; `head` is what came behind the request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!(socket instanceof Socket)) {
      socket.destroy()
    } else if (this.#phase !== 'serving') {
      // A tunnel would be closed at once.
      const error = new AtelierError('NODE_STOPPING')
      this.#failures.tell(request, responseOn(socket, request), error)
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

  /**
   * Passes a request that is not for the data plane on to the node that holds the session, which only that one can answer;
   * false if it is this one. `heldOf` answers the session as it is at that time, or throws. Throws HOP_REFUSED,
   * SESSION_MOVED, SESSION_LOST and NODE_UNREACHABLE; what goes wrong later is answered.
   */
  relay(request: IncomingMessage, response: ServerResponse, heldOf: () => Held): boolean {
    const entry = this.#entryElsewhere(request, response, heldOf())
    if (entry === undefined) return false
    // Who has left is answered by nobody, and would be waited for at the end.
    if (response.destroyed) return true
    this.#inFlight.add(response)
    void this.#forwarder.pass(request, response, entry, () => {
      const next = this.#entryElsewhere(request, response, heldOf())
      // It came here meanwhile, and whoever could answer has gone.
      if (next === undefined) throw new AtelierError('SESSION_MOVED')
      return next
    })
    return true
  }

  /** Closes all tunnels and connections of a session: it has ended, or its owner may no longer use it. */
  closeSession(id: string): void {
    this.#passed.close(id)
    this.#upgrades.close(id)
    this.#targets.close(id)
    this.#activity.forget(id)
  }

  /**
   * Lets requests finish, also those that still come on open connections, until there have been none for a moment or
   * `graceMs` are over; then closes the tunnels and takes no more requests.
   */
  async stop(graceMs: number): Promise<void> {
    this.#phase = 'finishing'
    await this.#inFlight.finish(graceMs, LULL_MS)
    this.#phase = 'ended'
    this.#upgrades.stop()
    await this.#forwarder.stop()
    await this.#targets.destroy()
  }

  #entryElsewhere(
    request: IncomingMessage,
    response: ServerResponse,
    held: Held,
  ): Entry | undefined {
    const parts = this.#entryParts
    try {
      const isPassedOn = passedOnFor(request, held.id, parts)
      const peer = holderOf(held, standpoint(held, isPassedOn, parts))
      if (peer === undefined) return undefined
      const target = parts.targets.ofPeer(peer)
      return { session: held, path: request.url ?? '', target, signs: undefined, rest: '' }
    } catch (error) {
      this.#failures.mark(request, response, asAtelierError(error).code)
      throw error
    }
  }
}
