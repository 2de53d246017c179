import { randomBytes } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { benchSignIns } from '../bench-sign-ins.ts'
import { SessionDoor } from '../../src/auth/door.ts'
import { sessionSecrets } from '../../src/auth/session-secrets.ts'
import { Ides } from '../../src/ides/ides.ts'
import { createLog } from '../../src/log.ts'
import { NO_PEERS } from '../../src/peers/no-peers.ts'
import { SealedHops } from '../../src/peers/sealed-hops.ts'
import { enter } from '../../src/proxy/entry.ts'
import type { Hops } from '../../src/proxy/parts.ts'
import { parseRoute } from '../../src/proxy/route.ts'
import { Targets } from '../../src/proxy/targets.ts'
import { Locations } from '../../src/sessions/locations.ts'
import { NO_APPS, sessionsFor } from '../contenders/bench-sessions.ts'

const OWNER = { user: 'ada', node: 'bench' }
const REPEATS = 50_000

/** Decides again and again on requests to sessions, as the data plane does before any byte goes upstream. */
export class RoutingTimer {
  readonly #requests: readonly IncomingMessage[]
  readonly #parts: Parameters<typeof enter>[3]

  private constructor(parts: Parameters<typeof enter>[3], requests: readonly IncomingMessage[]) {
    this.#parts = parts
    this.#requests = requests
  }

  /** One with so many sessions. The requests go to ten of them, spread over all. */
  static async with(sessions: number): Promise<RoutingTimer> {
    const clusterKey = new ClusterKey(randomBytes(32))
    const signIns = benchSignIns(clusterKey, OWNER.user)
    const log = createLog('silent', 'bench')
    const ides = new Ides({ directory: '/nonexistent', rserver: '/nonexistent', log })
    const locations = new Locations()
    const rows = sessionsFor(OWNER, {}, sessions)
    locations.apply(rows)
    const secretOf = sessionSecrets(clusterKey)
    const hops: Hops = { node: OWNER.node, ide: (name) => ides.get(name), secretOf }
    const [pair = ''] = (await signIns.begin(OWNER.user, false)).split(';')
    const asked = rows.filter((_row, index) => index % (sessions / 10) === 0)
    const requests = asked.map(({ id }) => requestFor(`/s/${id}/api/contents?type=file`, pair))
    const door = new SessionDoor({
      signIns,
      isSecure: () => false,
      sessionOf: (id) => locations.get(id),
    })
    const hopping = new SealedHops({ key: clusterKey.derive('peer hops'), node: OWNER.node })
    const targets = new Targets({ hops, apps: NO_APPS, hopping })
    const parts = { door, hops, hopping, peers: NO_PEERS, apps: NO_APPS, targets }
    return new RoutingTimer(parts, requests)
  }

  /** What one decision takes, as the mean of many. */
  async nanoseconds(): Promise<number> {
    const start = process.hrtime.bigint()
    for (let index = 0; index < REPEATS; index++) {
      const request = this.#requests[index % this.#requests.length]
      if (request === undefined) throw new Error('no request')
      const route = parseRoute(request.url ?? '')
      if (route.kind === 'redirect') throw new Error('no session')
      await enter(request, 'request', route, this.#parts)
    }
    return Number(process.hrtime.bigint() - start) / REPEATS
  }
}

function requestFor(url: string, cookie: string): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.url = url
  Object.assign(request.headers, { host: '127.0.0.1', cookie: `_xsrf=2|abc; ${cookie}` })
  return request
}
