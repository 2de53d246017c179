import { z } from 'zod'
import type { ApiTokens } from '../auth/api-tokens.ts'
import type { Api } from './api.ts'
import { createdTokenAnswer, createTokenBody, tokenAnswer, tokenJson } from './token-json.ts'

/** What the token routes need. */
export interface TokenParts {
  readonly apiTokens: Pick<ApiTokens, 'listTokens' | 'createToken' | 'revokeToken'>
}

const listTokens = {
  id: 'listTokens',
  method: 'get',
  path: '/tokens',
  summary: 'Your API tokens, oldest first',
  answers: {
    200: {
      description: 'All of them, with those that have expired in the last 30 days.',
      body: z.object({ items: z.array(tokenAnswer) }),
    },
  },
} as const

const createToken = {
  id: 'createToken',
  method: 'post',
  path: '/tokens',
  summary: 'Make an API token',
  description:
    'A token can make only tokens with scopes that it has itself, and that end no later.',
  body: createTokenBody,
  errors: ['TOO_MANY_TOKENS'],
  answers: { 201: { description: 'The token, told this once.', body: createdTokenAnswer } },
} as const

const revokeToken = {
  id: 'revokeToken',
  method: 'delete',
  path: '/tokens/{id}',
  summary: 'Revoke an API token',
  params: { id: z.string() },
  errors: ['TOKEN_NOT_FOUND'],
  answers: { 204: { description: 'It opens nothing any more.' } },
} as const

/** List, create and revoke API tokens. */
export function tokenRoutes(api: Api, { apiTokens }: TokenParts): void {
  api.add('admin', listTokens, async ({ user }) => {
    const items = await apiTokens.listTokens(user)
    return { status: 200, body: { items: items.map(tokenJson) } }
  })

  api.add('admin', createToken, async ({ user, scopes, expiresAt, body }) => {
    const by = { user, scopes, expiresAt }
    const { apiToken, token } = await apiTokens.createToken(by, body)
    return { status: 201, body: { ...tokenJson(apiToken), token } }
  })

  api.add('admin', revokeToken, async ({ user, params }) => {
    await apiTokens.revokeToken(user, params.id)
    return { status: 204 }
  })
}
