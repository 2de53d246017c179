import type Router from '@koa/router'
import { z } from 'zod'
import type { ApiToken } from '../auth/api-token.ts'
import type { ApiTokens } from '../auth/api-tokens.ts'
import { SCOPES, type Scope } from '../auth/scopes.ts'
import { AtelierError } from '../errors.ts'
import { parseBody, pathId } from './parse.ts'
import type { SignedIn } from './signed-in.ts'

/** What the token routes need. */
export interface TokenParts {
  readonly apiTokens: Pick<ApiTokens, 'listTokens' | 'createToken' | 'revokeToken'>
}

const createBody = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters'),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expiresInDays: z.number().int().min(1).max(3650).nullable(),
})

/** List, create and revoke API tokens. */
export function tokenRoutes(api: Router<SignedIn>, { apiTokens }: TokenParts): void {
  api.get('/tokens', async (ctx) => {
    requireAdmin(ctx.state.scopes)
    const items = await apiTokens.listTokens(ctx.state.user)
    ctx.body = { items: items.map(tokenJson) }
  })

  api.post('/tokens', async (ctx) => {
    requireAdmin(ctx.state.scopes)
    const { apiToken, token } = await apiTokens.createToken(ctx.state, parseBody(ctx, createBody))
    ctx.status = 201
    ctx.body = { ...tokenJson(apiToken), token }
  })

  api.delete('/tokens/:id', async (ctx) => {
    requireAdmin(ctx.state.scopes)
    await apiTokens.revokeToken(ctx.state.user, pathId(ctx.params))
    ctx.status = 204
  })
}

function requireAdmin(scopes: readonly Scope[]): void {
  if (!scopes.includes('admin')) throw new AtelierError('FORBIDDEN_SCOPE')
}

function tokenJson({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: ApiToken) {
  return { id, name, scopes, createdAt, expiresAt, lastUsedAt }
}
