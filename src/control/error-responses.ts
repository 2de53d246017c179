import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../errors.ts'
import type { JsonSchema } from './json-schemas.ts'
import type { AddedOperation } from './operation.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]

/** What every error answers. */
export const errorAnswer = z
  .object({
    error: z.object({
      code: z.enum(codes).describe('For programs.'),
      message: z.string().describe('For people: what happened, and what to do.'),
    }),
  })
  .meta({ id: 'Error', description: 'What went wrong.' })

/** The errors that an operation may answer: its own, and those that come with being signed in, a body, or input at all. */
export function errorsOf(operation: AddedOperation): readonly ErrorCode[] {
  const { scope, params, query, headers, body, errors = [], administrators } = operation
  const known: ErrorCode[] =
    scope === null
      ? []
      : [
          'NOT_SIGNED_IN',
          'TOKEN_INVALID',
          'ACCOUNT_REFUSED',
          'FORBIDDEN_SCOPE',
          ...(administrators ? (['ADMINISTRATORS_ONLY'] as const) : []),
          'TOO_MANY_REQUESTS',
          'NAME_SERVICE_UNAVAILABLE',
        ]
  const checked: ErrorCode[] = params || query || headers || body ? ['BAD_REQUEST'] : []
  const sent: ErrorCode[] = operation.method === 'get' ? [] : ['BAD_REQUEST', 'REQUEST_TOO_LARGE']
  const always: ErrorCode[] = [
    'FOREIGN_ORIGIN',
    'HEADERS_TOO_LARGE',
    'INTERNAL',
    'DATABASE_UNAVAILABLE',
  ]
  return [...new Set([...checked, ...sent, ...known, ...errors, ...always])]
}

/** The answers of these errors, by status, each with the codes that it can have. */
export function errorResponses(errors: readonly ErrorCode[]): JsonSchema {
  const statuses = [...new Set(errors.map((code) => ERRORS[code].status))]
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      errorResponse(errors.filter((code) => ERRORS[code].status === status)),
    ]),
  )
}

function errorResponse(errors: readonly ErrorCode[]): JsonSchema {
  const narrowed = { properties: { error: { properties: { code: { enum: errors } } } } }
  const schema = { allOf: [{ $ref: '#/components/schemas/Error' }, narrowed] }
  return {
    description: errors.map((code) => `${code}: ${ERRORS[code].message}`).join('\n'),
    content: { 'application/json': { schema } },
  }
}
