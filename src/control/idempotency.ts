import { createHash } from 'node:crypto'
import { z } from 'zod'

/** The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
  .describe(
    'Any text that is new for each new request. A request that is repeated with it within 24 hours gets the same session, as long as that is not removed.',
  )

/** A fingerprint of a JSON body, the same for whatever order its fields are in; the body must not be deep. */
export function fingerprintOf(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('base64url')
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
