import { z } from 'zod'
import type { IdeStatus } from '../ides/ide.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import type { Api } from './api.ts'

/** What the IDE list needs. */
export interface IdeParts {
  readonly ides: { list(): Promise<readonly IdeStatus[]> }
}

const ideAnswer = z
  .object({
    name: z.enum(IDE_NAMES),
    title: z.string().describe('Its name for people.'),
    state: z.enum(['installed', 'installing', 'missing', 'failed']),
    version: z.string().nullable().describe("The IDE's own version, when installed."),
    step: z.string().nullable().describe('What its installation is doing.'),
    percent: z.number().nullable().describe('How far the installation is, 0 to 100.'),
    message: z.string().nullable().describe('Why it is missing or failed.'),
    mend: z.string().nullable().describe('The command that mends it.'),
  })
  .meta({ id: 'Ide', description: 'A kind of IDE, and whether it can be used.' })

/** All IDEs, as the API and its event `ides` tell them. */
export const idesAnswer = z.object({ items: z.array(ideAnswer) })

/** Which IDEs there are, and how far the installation of the others is. */
export function ideRoutes(api: Api, { ides }: IdeParts): void {
  api.add(
    'read',
    {
      id: 'listIdes',
      method: 'get',
      path: '/ides',
      summary: 'Which IDEs there are, and how far their installation is',
      answers: { 200: { description: 'All IDEs.', body: idesAnswer } },
    },
    async () => ({ status: 200, body: { items: await ides.list() } }),
  )
}
