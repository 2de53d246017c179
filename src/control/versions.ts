import { z } from 'zod'
import { versionJson } from '../ides/language-version.ts'
import type { Versions } from '../ides/versions.ts'
import type { Api } from './api.ts'

/** What the list of versions needs. */
export interface VersionParts {
  readonly versions: Pick<Versions, 'list'>
}

const versionAnswer = z
  .object({
    id: z.string().describe('What it is chosen by.'),
    language: z.enum(['python', 'r']),
    version: z.string().describe('Such as 3.12.1.'),
    label: z.string().describe('What people are shown.'),
    kernel: z.boolean().describe('Whether Jupyter can run it.'),
  })
  .meta({ id: 'Version', description: 'A Python or R that a session can be started with.' })

/** `GET /versions`: the Pythons and Rs that a session of the user can be started with; `rescan=true` looks anew. */
export function versionRoutes(api: Api, { versions }: VersionParts): void {
  api.add(
    'read',
    {
      id: 'listVersions',
      method: 'get',
      path: '/versions',
      summary: 'The Pythons and Rs that a session can be started with',
      query: {
        rescan: z
          .enum(['true', 'false'])
          .default('false')
          .describe('Look anew, instead of answering what was found within the last minute.'),
      },
      errors: ['LAUNCHER_UNAVAILABLE'],
      answers: {
        200: { description: 'All of them.', body: z.object({ items: z.array(versionAnswer) }) },
      },
    },
    async ({ user, query }) => {
      const found = await versions.list(user, { rescan: query.rescan === 'true' })
      return { status: 200, body: { items: found.map(versionJson) } }
    },
  )
}
