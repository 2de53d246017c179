import type { Route } from 'playwright-core'
import { AtelierError, type ErrorCode } from '../../src/errors.ts'

/** Answers a request by this JSON. */
export function json(route: Route, status: number, body: unknown): Promise<void> {
  return route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) })
}

/** Answers a request by an error of the API. */
export function refuse(route: Route, code: ErrorCode): Promise<void> {
  const error = new AtelierError(code)
  return json(route, error.status, error)
}
