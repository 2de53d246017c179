import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Pool } from 'undici'
import type { AtelierError } from '../errors.ts'
import type { Peer } from '../peers/peer.ts'
import type { Client } from './parts.ts'

/** Of the head of an answer; Node's own limit of 16 KiB is met in practice. */
export const HEADER_BYTES = 65_536

/** An IDE, a web app or another node as the data plane reaches it: made once, used by each request. */
export interface Target {
  /** The session that it belongs to; undefined for a node. */
  readonly sessionId: string | undefined
  /** The port of a web app; undefined for all else. */
  readonly port: number | undefined
  /** The node, if it is one. */
  readonly peer?: Peer
  /** Names what it reaches; of something else a new target is made. */
  readonly place: string
  readonly pool: Pool
  /** A connection of its own, for a tunnel; it may still be under way. */
  connect(): Promise<Socket>
  /** The headers of a browser's request as it gets them. */
  requestHeaders(
    request: IncomingMessage,
    client: Client,
    sessionId: string,
  ): Record<string, string>
  /** The headers of its answer as the browser gets them; `host` is the browser's Host. */
  responseHeaders(headers: IncomingHttpHeaders, host: string | undefined): IncomingHttpHeaders
  /** Why a node did not take the request, if its answer says so; all else answers for the session. */
  refusalOf?(status: number, headers: IncomingHttpHeaders): AtelierError | undefined
  /** False after it did not answer, so that this is logged once and not for each request. */
  reachable: boolean
}
