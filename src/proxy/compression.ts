import type { IncomingHttpHeaders } from 'node:http'
import { constants, inflateRawSync } from 'node:zlib'

const DEFLATE = /^\s*permessage-deflate\s*(;|$)/i
const ALONE = 'client_no_context_takeover'

const LONGEST = 1024 * 1024

/**
 * The headers of an IDE's agreement to a WebSocket, with which a browser that compresses does so for each message alone
 * (RFC 7692, 7.1.1.2). An IDE understands that in any case, and a message can be read without those before it.
 */
export function compressedAlone(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const name = 'sec-websocket-extensions'
  const extensions = headers[name]
  if (extensions === undefined || !DEFLATE.test(extensions) || extensions.includes(ALONE)) {
    return headers
  }
  return { ...headers, [name]: `${extensions}; ${ALONE}` }
}

/** The beginning of a message from the beginning of its compressed bytes; undefined if these are something else. */
export function inflateStart(start: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(start, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: LONGEST,
    })
  } catch {
    return undefined
  }
}
