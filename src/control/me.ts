import type { Api } from './api.ts'
import { meAnswer } from './me-json.ts'
import type { SignInWays } from './sign-in-ways.ts'

/** What the page header shows beside the user. */
export interface MeParts {
  readonly host: string
  readonly version: string
  readonly ways: () => SignInWays
}

/** Who is signed in, as what, how, and where. */
export function meRoutes(api: Api, { host, version, ways }: MeParts): void {
  api.add(
    'read',
    {
      id: 'getMe',
      method: 'get',
      path: '/me',
      summary: 'Who is signed in, and where',
      answers: { 200: { description: 'The user and the server.', body: meAnswer } },
    },
    ({ user, role }) => ({ status: 200, body: { user, role, host, version, signIn: ways() } }),
  )
}
