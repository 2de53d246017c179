import type { Api } from './api.ts'
import { meAnswer } from './me-json.ts'

/** What the page header shows beside the user. */
export interface MeParts {
  readonly host: string
  readonly version: string
}

/** Who is signed in, and where. */
export function meRoutes(api: Api, { host, version }: MeParts): void {
  api.add(
    'read',
    {
      id: 'getMe',
      method: 'get',
      path: '/me',
      summary: 'Who is signed in, and where',
      answers: { 200: { description: 'The user and the server.', body: meAnswer } },
    },
    ({ user }) => ({ status: 200, body: { user, host, version } }),
  )
}
