import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** The header by which a node tells another one that it passes a browser's request on. */
export const HOP_HEADER = 'x-atelier-hop'

/** Grows when nodes of two versions could not understand each other's hops. */
const PROTOCOL = 1
/** Characters of a header that is worth a look; names and addresses are far shorter. */
const LONGEST = 2048

const hopSchema = z.strictObject({
  /** The id of the session that is asked for; `-` if there is none. */
  session: z.string(),
  /** The names of the two nodes. */
  from: z.string(),
  to: z.string(),
  /** How many nodes have passed it on. */
  hop: z.int(),
  /** When it was passed on, in ms since 1970. */
  time: z.int(),
  /** The browser as the first node saw it. */
  client: z.strictObject({ address: z.string(), scheme: z.enum(['http', 'https']) }),
})

/** What a node says about a request that it passes on. */
export type Hop = Readonly<z.output<typeof hopSchema>>

/** The line of a request, which the seal covers: the method, and path with query as they are sent. */
export interface RequestLine {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/** The header's value: the hop, and a seal (HMAC-SHA256) over it and the request's line. */
export function sealHop(key: Buffer, line: RequestLine, hop: Hop): string {
  const text = Buffer.from(JSON.stringify(hop)).toString('base64url')
  return `${text}.${sealOf(key, line, text).toString('base64url')}`
}

/** What the header says; undefined if it was not sealed with this key for this very request. Takes constant time. */
export function openHop(key: Buffer, line: RequestLine, header: string): Hop | undefined {
  const [text = '', seal = '', ...more] = header.length > LONGEST ? [] : header.split('.')
  const given = Buffer.from(seal, 'base64url')
  const right = sealOf(key, line, text)
  if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return
  return hopSchema.safeParse(parsed(text)).data
}

function sealOf(key: Buffer, { method, url }: RequestLine, text: string): Buffer {
  const sealed = JSON.stringify([PROTOCOL, method, url, text])
  return createHmac('sha256', key).update(sealed).digest()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}
