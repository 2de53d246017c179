import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import { type Hop, HOP_HEADER, openHop, type RequestLine, sealHop } from './hop-header.ts'

/** How far two nodes' clocks may be apart, in ms: each may be 30 s off the database's. */
const CLOCKS_APART_MS = 60_000

/** The hops between nodes that share a key: sealed by the one that passes a request on, opened by the other. */
export class SealedHops {
  readonly #key: Buffer
  readonly #node: string
  readonly #now: () => number
  /** What was found out about a request, so that it is found out once. */
  readonly #opened = new WeakMap<IncomingMessage, Hop | AtelierError>()

  constructor(parts: {
    /** The key that all nodes share, for hops alone. */
    key: Buffer
    /** The name of this node. */
    node: string
    /** The time in ms since 1970. */
    now?: () => number
  }) {
    this.#key = parts.key
    this.#node = parts.node
    this.#now = parts.now ?? Date.now
  }

  /** The value of the header with which the request is passed on, once and at once. */
  seal(line: RequestLine, hop: Pick<Hop, 'session' | 'to' | 'client'>): string {
    const { session, to, client } = hop
    const time = this.#now()
    return sealHop(this.#key, line, { session, from: this.#node, to, hop: 1, time, client })
  }

  /**
   * What the node says that passed the request on; undefined for a browser's own. Throws HOP_REFUSED if it claims to come
   * from a node and does not, or is for another node, or is older than a minute.
   */
  open(request: IncomingMessage): Hop | undefined {
    const header = request.headers[HOP_HEADER]
    if (header === undefined) return undefined
    let opened = this.#opened.get(request)
    if (opened === undefined) {
      opened = this.#check(request, String(header)) ?? new AtelierError('HOP_REFUSED')
      this.#opened.set(request, opened)
    }
    if (opened instanceof AtelierError) throw opened
    return opened
  }

  #check(request: IncomingMessage, header: string): Hop | undefined {
    const hop = openHop(this.#key, request, header)
    if (hop?.to !== this.#node || hop.hop !== 1) return undefined
    return Math.abs(this.#now() - hop.time) <= CLOCKS_APART_MS ? hop : undefined
  }
}
