import { pipeline } from 'node:stream/promises'
import type { Router } from '@koa/router'
import type { Context } from 'koa'
import type { z } from 'zod'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { USER_HEADER } from './api-schemas.ts'
import type { User } from './job.ts'
import type { Told } from './job-stream.ts'
import type { LauncherJobs } from './launcher-jobs.ts'
import { toLines } from './ndjson.ts'

/** What the routes of the Launcher's API need. */
export interface RouteParts {
  readonly router: Router
  readonly jobs: LauncherJobs
  readonly log: Log
}

/** For whom a request is made. Throws BAD_REQUEST if it does not say so: nobody acts for everybody by omission. */
export function userOf(ctx: Context): User {
  const user = decoded(ctx.get(USER_HEADER))
  if (user !== '') return user
  throw new AtelierError(
    'BAD_REQUEST',
    `The header ${USER_HEADER} must say for whom this is asked.`,
  )
}

/** A part of a request, checked. Throws BAD_REQUEST that says what is wrong. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw new AtelierError('BAD_REQUEST', `${problems.join('; ')}.`)
}

/** Answers with lines of JSON for as long as there are values; the connection breaks off if they end in an error. */
export function sendLines(ctx: Context, values: Told<unknown>, log: Log): void {
  ctx.respond = false
  ctx.res.once('close', () => values.destroy())
  ctx.res.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  ctx.res.flushHeaders()
  pipeline(values, toLines, ctx.res).catch((error: unknown) => {
    log.debug({ err: error, path: ctx.path }, 'A stream of the Launcher broke off')
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
