import { z } from 'zod'
import type { SignInCookie } from '../auth/cookie.ts'
import type { Api } from './api.ts'
import { apiDocument } from './api-document.ts'

/** What the document needs. */
export interface DocumentParts {
  readonly version: string
  readonly cookie: Pick<SignInCookie, 'name'>
}

const documentAnswer = z.looseObject({ openapi: z.string(), paths: z.looseObject({}) })

/** `GET /openapi.json`: what this API consists of, itself included. */
export function documentRoutes(api: Api, { version, cookie }: DocumentParts): void {
  let document: ReturnType<typeof apiDocument> | undefined
  api.addOpen(
    {
      id: 'getDocument',
      method: 'get',
      path: '/openapi.json',
      summary: 'This document',
      answers: { 200: { description: 'OpenAPI 3.1.', body: documentAnswer } },
    },
    () => {
      document ??= apiDocument(api.operations, { version, cookieName: cookie.name })
      return { status: 200, headers: { 'Cache-Control': 'no-cache' }, body: document }
    },
  )
}
