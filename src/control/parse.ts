import type { Context } from 'koa'
import type { z } from 'zod'
import { AtelierError } from '../errors.ts'

/** The request's JSON body, checked. Throws BAD_REQUEST that names each wrong field and what would be right. */
export function parseBody<T>(ctx: Context, schema: z.ZodType<T>): T {
  const { body, rawBody } = ctx.request
  if (rawBody === undefined && isOptional(schema) && !sendsBody(ctx))
    return parse(schema, undefined)
  if (rawBody === undefined) {
    throw new AtelierError(
      'BAD_REQUEST',
      'Send a JSON body, with the header Content-Type: application/json.',
    )
  }
  return parse(schema, body)
}

/** True for the schema of a body that need not be sent. */
export function isOptional(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success
}

function sendsBody({ req: { headers } }: Context): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}

/** Checks any input of a request. Throws BAD_REQUEST that names each wrong field and what would be right. */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw new AtelierError('BAD_REQUEST', `${problems.join('; ')}.`)
}
