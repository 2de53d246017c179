import { z } from 'zod'
import type { Profiles } from '../sessions/profiles.ts'
import type { Api } from './api.ts'

/** What the list of profiles needs. */
export interface ProfileParts {
  readonly profiles: Pick<Profiles, 'list'>
}

const profileAnswer = z
  .object({
    name: z.string().describe('What it is chosen by.'),
    title: z.string().describe('What people are shown.'),
    cpus: z.number().nullable().describe('Processors; null for all of them.'),
    memoryBytes: z.number().nullable().describe('Null for all of it.'),
  })
  .meta({
    id: 'Profile',
    description: 'What a session may use of the server, as far as your limits allow.',
  })

/** `GET /profiles`: the resource profiles that the user can start a session with; the first is the usual one. */
export function profileRoutes(api: Api, { profiles }: ProfileParts): void {
  api.add(
    'read',
    {
      id: 'listProfiles',
      method: 'get',
      path: '/profiles',
      summary:
        'The resource profiles that you can start a session with; the first is the usual one',
      answers: {
        200: { description: 'All of them.', body: z.object({ items: z.array(profileAnswer) }) },
      },
    },
    async ({ user }) => ({ status: 200, body: { items: await profiles.list(user) } }),
  )
}
