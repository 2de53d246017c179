import { Agent, request } from 'undici'
import { AtelierError } from '../errors.ts'
import { fromLines } from '../launcher/ndjson.ts'
import type { PeerTls } from './peer-tls.ts'

const CONNECT_TIMEOUT_MS = 2000
const NOBODY = { address: '', scheme: 'http' } as const

/** Another node, for whoever asks it something. */
export interface AskedPeer {
  readonly name: string
  readonly url: string
}

/** Seals a request of this node's own for another one; see SealedHops. */
export interface HopSeal {
  seal(
    line: { readonly method: string; readonly url: string },
    hop: {
      readonly session: string
      readonly to: string
      readonly client: { readonly address: string; readonly scheme: 'http' | 'https' }
    },
  ): string
}

/** Asks other nodes on this node's own behalf, below `/peer/v1/`. Throws NODE_UNREACHABLE when one does not answer well. */
export class PeerClient {
  readonly #hops: HopSeal
  readonly #agent: Agent

  constructor({ hops, tls }: { hops: HopSeal; tls?: PeerTls | undefined }) {
    this.#hops = hops
    this.#agent = new Agent({
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        ...(tls && { cert: tls.cert, key: tls.key, ca: tls.ca }),
      },
      headersTimeout: 10_000,
      bodyTimeout: 0,
    })
  }

  /** The JSON that the peer answers. */
  async get(peer: AskedPeer, path: string, signal: AbortSignal): Promise<unknown> {
    const body = await this.#ask(peer, path, signal)
    return body.json()
  }

  /** What the peer tells, line by line, until it or `signal` ends it. */
  async *lines(peer: AskedPeer, path: string, signal: AbortSignal): AsyncGenerator<unknown> {
    yield* fromLines(await this.#ask(peer, path, signal))
  }

  /** Breaks off everything under way. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async #ask({ name, url }: AskedPeer, path: string, signal: AbortSignal) {
    const hop = this.#hops.seal(
      { method: 'GET', url: path },
      { session: '-', to: name, client: NOBODY },
    )
    const headers = { 'x-atelier-hop': hop }
    const { statusCode, body } = await request(new URL(path, url), {
      headers,
      signal,
      dispatcher: this.#agent,
    })
    if (statusCode === 200) return body
    await body.dump()
    throw new AtelierError('NODE_UNREACHABLE')
  }
}
