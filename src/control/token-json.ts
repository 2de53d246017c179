import { z } from 'zod'
import type { ApiToken } from '../auth/api-token.ts'
import { SCOPES } from '../auth/scopes.ts'

const time = z.iso.datetime()
const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .describe(
    'read looks; sessions starts, changes and stops them; admin makes and revokes tokens and looks after the cluster.',
  )

/** What a token is made from. */
export const createTokenBody = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')
      .describe('What you call it.'),
    scopes,
    expiresInDays: z
      .int()
      .min(1)
      .max(3650)
      .nullable()
      .describe('How long it works; null for as long as it is not revoked.'),
  })
  .meta({ id: 'CreateToken', description: 'What an API token is made from.' })

/** An API token as the API lists it: never the token itself. */
export const tokenAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes,
    createdAt: time,
    expiresAt: time.nullable().describe('Null for one that never expires.'),
    lastUsedAt: time.nullable().describe('To the minute; null before its first use.'),
  })
  .meta({ id: 'Token', description: 'An API token, without the token itself.' })

/** A token that has just been made. */
export const createdTokenAnswer = tokenAnswer
  .extend({ token: z.string().describe('The token, told only now. Keep it secret.') })
  .meta({ id: 'CreatedToken', description: 'An API token that has just been made.' })

/** The token's answer; see `tokenAnswer`. */
export function tokenJson({ id, name, scopes: own, ...times }: ApiToken) {
  return {
    id,
    name,
    scopes: own,
    createdAt: times.createdAt.toISOString(),
    expiresAt: times.expiresAt?.toISOString() ?? null,
    lastUsedAt: times.lastUsedAt?.toISOString() ?? null,
  }
}
