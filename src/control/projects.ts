import { z } from 'zod'
import { PROJECT_KINDS, type Project } from '../projects/project.ts'
import type { Projects } from '../projects/projects.ts'
import type { Api } from './api.ts'
import type { DeepReadonly } from './deep-readonly.ts'

/** What the list of projects needs. */
export interface ProjectParts {
  readonly projects: Pick<Projects, 'list'>
}

const projectAnswer = z
  .object({
    path: z.string().describe('The absolute path of its folder.'),
    name: z.string().describe('The last part of the path.'),
    kind: z
      .enum(PROJECT_KINDS)
      .describe('What makes it a project; of several reasons the first of these.'),
    lastUsedAt: z.iso.datetime().nullable().describe('As its files tell; null if they do not.'),
    branch: z.string().nullable().describe('The branch of git that is checked out.'),
  })
  .meta({ id: 'Project', description: 'A folder that its owner works in.' })

/** A project as the API answers it. */
export type ProjectJson = DeepReadonly<z.input<typeof projectAnswer>>

const listProjects = {
  id: 'listProjects',
  method: 'get',
  path: '/projects',
  summary: 'Folders that you worked in, the last used ones first',
  errors: ['LAUNCHER_UNAVAILABLE'],
  answers: {
    200: {
      description: 'As of a minute ago at most; not complete if your home did not answer in time.',
      body: z.object({ items: z.array(projectAnswer), complete: z.boolean() }),
    },
  },
} as const

/** `GET /projects`: folders that the user worked in. */
export function projectRoutes(api: Api, { projects }: ProjectParts): void {
  api.add('read', listProjects, async ({ user }) => {
    const { projects: found, complete } = await projects.list(user)
    return { status: 200, body: { items: found.map(projectJson), complete } }
  })
}

function projectJson({ path, name, kind, lastUsedAt, branch }: Project): ProjectJson {
  return { path, name, kind, lastUsedAt: lastUsedAt?.toISOString() ?? null, branch }
}
