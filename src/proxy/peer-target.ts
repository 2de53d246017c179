import { isIP, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { buildConnector, Pool } from 'undici'
import { HOP_HEADER } from '../peers/hop-header.ts'
import type { Peer } from '../peers/peer.ts'
import type { PeerTls } from '../peers/peer-tls.ts'
import { nodeUnreachable, refusalOf } from './node-errors.ts'
import type { Hopping } from './parts.ts'
import { passedHeaders, passedResponseHeaders } from './passed-headers.ts'
import { HEADER_BYTES, type Target } from './target.ts'

/** A node that runs answers at once; one whose network is cut is found dead by gossip meanwhile. */
const CONNECT_TIMEOUT_MS = 3_000
/** Shorter than a node's own, so that it does not close a connection just when it is used. */
const KEEP_ALIVE_MS = 30_000

/** Another node as the data plane reaches it: one for all sessions that it holds, with as many connections as it takes. */
export function peerTarget(peer: Peer, hopping: Hopping, tls: PeerTls | undefined): Target {
  const { name, url } = peer
  const { protocol, host, hostname, port } = new URL(url)
  const build = buildConnector({
    ...(tls && { cert: tls.cert, key: tls.key, ca: tls.ca }),
    timeout: CONNECT_TIMEOUT_MS,
  })
  // The certificate is the node's: undici would compare it with the Host that the browser has asked for.
  const servername = isIP(withoutBrackets(hostname)) === 0 ? hostname : ''
  const connector: buildConnector.connector = (options, callback) =>
    build({ ...options, servername }, callback)
  const connect = promisify<Socket>((callback) =>
    connector({ protocol, host, hostname: withoutBrackets(hostname), port }, (error, socket) =>
      callback(error, socket as Socket),
    ),
  )
  return {
    peer,
    sessionId: undefined,
    port: undefined,
    place: url,
    requestHeaders: (request, client, session) => {
      const headers = passedHeaders(request)
      headers[HOP_HEADER] = hopping.seal(request, { session, to: name, client })
      return headers
    },
    responseHeaders: passedResponseHeaders,
    refusalOf,
    pool: new Pool(url, {
      pipelining: 1,
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: connector,
    }),
    connect: async () => {
      try {
        // Whatever the error before somebody else listens to the socket, it is destroyed then.
        return (await connect()).on('error', () => {})
      } catch (error) {
        throw nodeUnreachable(name, undefined, error)
      }
    },
    reachable: true,
  }
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
