import * as z from 'zod'
import type { Member, MemberMeta } from './member.ts'

/** The most that a member may tell of itself, in bytes of JSON: an update must fit in a datagram with others. */
export const MAX_META_BYTES = 400

const printable = /^[\x20-\x7e]+$/
const shortText = z.string().min(1).max(200).regex(printable)

/** What newer versions may add: passed on as it came, so that a member of an older version does not swallow it. */
const extra = z.union([z.string().max(200), z.number(), z.boolean()])

/** What a member tells of itself, as it travels: one letter for each key. */
export const wireMetaSchema = z
  .object({
    /** name */
    n: shortText,
    /** boot id */
    b: shortText,
    /** started at */
    t: z.int().nonnegative(),
    /** URL */
    u: shortText.regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/),
    /** version */
    v: shortText,
    /** sessions */
    s: z.int().nonnegative(),
    /** load */
    l: z.number().nonnegative(),
    /** draining */
    d: z.literal(1).optional(),
    /** on its way out: 1 if it goes soon, 2 if it is gone */
    g: z.literal([1, 2]).optional(),
  })
  .catchall(extra)
  .refine((meta) => metaBytes(meta) <= MAX_META_BYTES)

export type WireMeta = z.infer<typeof wireMetaSchema>

/** What a member tells does not fit in a datagram; nothing of it was sent. */
export class MetaTooLargeError extends Error {
  readonly code = 'META_TOO_LARGE'

  constructor(bytes: number) {
    super(
      `What this node tells the cluster of itself takes ${bytes} bytes, and ${MAX_META_BYTES} fit. ` +
        'Shorten its name, its URL or its version.',
    )
    this.name = 'MetaTooLargeError'
  }
}

/** How a member tells of itself. Throws a MetaTooLargeError, or a TypeError naming what no member may say. */
export function toWire(
  {
    name,
    bootId,
    startedAt,
    url,
    meta,
  }: Pick<Member, 'name' | 'bootId' | 'startedAt' | 'url' | 'meta'>,
  going?: 1 | 2,
): WireMeta {
  const { version, sessions, load, draining } = meta
  const wire = {
    n: name,
    b: bootId,
    t: startedAt,
    u: url,
    v: version,
    s: sessions,
    l: rounded({ load }).load,
    ...(draining && { d: 1 as const }),
    ...(going && { g: going }),
  }
  // Measured with its figures at their longest, so that a node that could start can go on.
  const bytes = metaBytes({ ...wire, s: 999_999, l: 9999.99, d: 1, g: 2 })
  if (bytes > MAX_META_BYTES) throw new MetaTooLargeError(bytes)
  const checked = wireMetaSchema.safeParse(wire)
  if (!checked.success) {
    const key = String(checked.error.issues[0]?.path[0])
    throw new TypeError(
      `a member cannot tell this as its ${NAMES[key] ?? key}: ${String(wire[key as keyof typeof wire])}`,
    )
  }
  return checked.data
}

/** The same with its load to the hundredth: nobody needs to hear of less. */
export function rounded<Meta extends Pick<MemberMeta, 'load'>>(meta: Meta): Meta {
  return { ...meta, load: Math.round(meta.load * 100) / 100 }
}

/** What a member says of itself, read back. */
export function metaFromWire({ v, s, l, d }: WireMeta): MemberMeta {
  return { version: v, sessions: s, load: l, draining: d === 1 }
}

const NAMES: Readonly<Record<string, string>> = {
  n: 'name',
  b: 'boot id',
  t: 'start time',
  u: 'URL',
  v: 'version',
  s: 'number of sessions',
  l: 'load',
}

function metaBytes(wire: object): number {
  return Buffer.byteLength(JSON.stringify(wire))
}
