import { z } from 'zod'
import type { Database } from './connect.ts'

/** The one channel of all hints. */
export const HINT_CHANNEL = 'atelier'

const id = z.string().min(1).max(200)
const schema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), id, version: z.number().int().positive() }),
  z.object({ kind: z.literal('job'), id, version: z.number().int().positive() }),
  z.object({ kind: z.literal('schedule'), id }),
  z.object({ kind: z.literal('token'), id }),
  z.object({ kind: z.literal('sign-out'), id }),
  z.object({ kind: z.literal('node'), id, version: z.number().int().positive() }),
  z.object({ kind: z.literal('notice'), id }),
])

/** Says that a session, a job or a node has changed, and to which version, or that a token was revoked, somebody signed out or a notice or a schedule was changed; it may come late, twice or never. */
export type Hint = z.infer<typeof schema>

/** Reads the payload of a notification, which anybody who can connect may have sent; undefined if it is not a hint. */
export function parseHint(payload: string): Hint | undefined {
  try {
    return schema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}

/**
 * Sends a hint without waiting for it, after the commit of the change: within its transaction it would serialise all commits
 * of the server. A hint that is lost is made good by the next full reading.
 */
export function sendHint(database: Pick<Database, 'query'>, hint: Hint): void {
  database
    .query('select pg_notify($1, $2)', [HINT_CHANNEL, JSON.stringify(hint)])
    .catch(() => undefined)
}
