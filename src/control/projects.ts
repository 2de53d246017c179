import { z } from 'zod'
import type { Projects } from '../projects/projects.ts'
import type { Api } from './api.ts'
import { projectAnswer, projectJson } from './project-json.ts'

/** What the list of projects needs. */
export interface ProjectParts {
  readonly projects: Pick<Projects, 'list'>
}

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
