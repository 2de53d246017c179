import type { Peer } from '../../src/peers/peer.ts'
import { SealedHops } from '../../src/peers/sealed-hops.ts'
import type { Session } from '../../src/sessions/session.ts'
import { HOP_KEY, stage, type Teardown } from '../proxy/stage.ts'

/** Long enough for whatever a test does meanwhile, and with short pauses. */
const WAIT_TIMES = { pauseMs: 5, longestMs: 20_000 }

/** Nodes that are each other's peers, as the tests make them. */
export class TestNodes {
  readonly peers = new Map<string, Peer>()
  /** Sessions that were read anew, and what that does. */
  readonly refreshed: string[] = []
  onRefresh: (sessionId: string) => void = () => {}
  readonly #t: Teardown

  constructor(t: Teardown) {
    this.#t = t
  }

  /** Starts a node that believes what `sessions` say. */
  async start(
    node: string,
    sessions: readonly Session[],
    parts: Partial<
      Pick<
        Parameters<typeof stage>[1],
        'port' | 'apps' | 'waitTimes' | 'control' | 'tls' | 'peerTls'
      >
    > = {},
  ) {
    const running = await stage(this.#t, {
      waitTimes: WAIT_TIMES,
      ...parts,
      node,
      sessions,
      upgradeTimes: { handshakeMs: 20_000, lingerMs: 100 },
      peers: {
        get: (name) => this.peers.get(name),
        refresh: (id) => {
          this.refreshed.push(`${node}: ${id}`)
          this.onRefresh(id)
          return Promise.resolve()
        },
      },
    })
    this.knows(node, running.port)
    return running
  }

  /** All nodes believe that this one answers at the port. */
  knows(name: string, port: number, changes: Partial<Peer> = {}): void {
    this.peers.set(name, { name, url: `http://127.0.0.1:${port}`, failed: false, ...changes })
  }
}

/** The header with which `from` passes a request on. */
export function hopFrom(
  from: string,
  line: { method?: string; url: string },
  hop: { session: string; to: string; client?: { address: string; scheme: 'http' | 'https' } },
  { key = HOP_KEY, now = Date.now }: { key?: Buffer; now?: () => number } = {},
): { 'x-atelier-hop': string } {
  const hops = new SealedHops({ key, node: from, now })
  const client = { address: '192.0.2.7', scheme: 'https' } as const
  return { 'x-atelier-hop': hops.seal({ method: 'GET', ...line }, { client, ...hop }) }
}
