import * as z from 'zod'
import { parseAddress } from './address.ts'
import { wireMetaSchema } from './wire-meta.ts'

const TYPE_BYTES = 1
const LENGTH_BYTES = 2
const COMPOUND = 0
const MAX_INCARNATION_AHEAD_MS = 24 * 3_600_000

/** swim's numbers of its messages; what it calls compound, compressed and encrypted is none of them. */
const TYPES: ReadonlyMap<number | undefined, Message['type']> = new Map([
  [10, 'ping'],
  [11, 'pingreq'],
  [12, 'sync'],
  [13, 'ack'],
  [14, 'update'],
])

const address = z
  .string()
  .max(64)
  .refine((text) => parseAddress(text) !== undefined)
const seq = z.object({ seq: z.int().nonnegative() })
const update = z.object({
  host: address,
  state: z.literal([0, 1, 2]),
  incarnation: z.int().positive(),
  meta: wireMetaSchema,
})
const pingReq = seq.extend({ destination: address })
const sync = update.extend({ state: z.literal(0) })

/** What a member says of one member: where it is, what is believed of it (0 alive, 1 suspect, 2 gone), and since when. */
export type Update = z.infer<typeof update>

/** One message of swim's. */
export type Message =
  | { readonly type: 'ping'; readonly data: Seq }
  | { readonly type: 'pingreq'; readonly data: Seq & { readonly destination: string } }
  | { readonly type: 'sync'; readonly data: Update }
  | { readonly type: 'ack'; readonly data: Seq }
  | { readonly type: 'update'; readonly data: Update }

interface Seq {
  readonly seq: number
}

/**
 * The messages in an opened datagram, in order, and how many there were that no member sends. What is no list of messages at
 * all counts as one. `now` is in milliseconds since 1970. Never throws.
 */
export function parseDatagram(
  payload: Buffer,
  now: number,
): { messages: readonly Message[]; malformed: number } {
  const parts = splitDatagram(payload)
  if (!parts) return { messages: [], malformed: 1 }
  const messages = parts
    .map((part) => parseMessage(part, now))
    .filter((message) => message !== undefined)
  return { messages, malformed: parts.length - messages.length }
}

/** The single messages of a compound, or undefined if its lengths do not add up. */
function splitDatagram(payload: Buffer): readonly Buffer[] | undefined {
  if (payload.length < TYPE_BYTES) return undefined
  if (payload[0] !== COMPOUND) return [payload]
  let at = TYPE_BYTES + LENGTH_BYTES
  if (payload.length < at) return undefined
  const count = payload.readUInt16LE(TYPE_BYTES)
  const parts: Buffer[] = []
  while (parts.length < count) {
    if (payload.length < at + LENGTH_BYTES) return undefined
    const length = payload.readUInt16LE(at)
    at += LENGTH_BYTES
    if (length < TYPE_BYTES || payload.length < at + length) return undefined
    parts.push(payload.subarray(at, at + length))
    at += length
  }
  return at === payload.length && count > 0 ? parts : undefined
}

function parseMessage(part: Buffer, now: number): Message | undefined {
  const json = parseJson(part.subarray(TYPE_BYTES))
  const type = TYPES.get(part[0])
  if (type === undefined || json === undefined) return undefined
  if (type === 'sync' || type === 'update') {
    const data = timely((type === 'sync' ? sync : update).safeParse(json).data, now)
    return data && { type, data }
  }
  if (type === 'pingreq') {
    const { data } = pingReq.safeParse(json)
    return data && { type, data }
  }
  const { data } = seq.safeParse(json)
  return data && { type, data }
}

/** Incarnations begin with the clock: one far ahead could never be refuted. */
function timely(data: Update | undefined, now: number): Update | undefined {
  return data && data.incarnation <= now + MAX_INCARNATION_AHEAD_MS ? data : undefined
}

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'))
  } catch {
    return undefined
  }
}
