import { z } from 'zod'
import { PROJECT_KINDS, type Project } from '../projects/project.ts'
import type { DeepReadonly } from './deep-readonly.ts'

/** A project as the API answers it. */
export const projectAnswer = z
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

/** The project's answer; see `projectAnswer`. */
export function projectJson({ path, name, kind, lastUsedAt, branch }: Project): ProjectJson {
  return { path, name, kind, lastUsedAt: lastUsedAt?.toISOString() ?? null, branch }
}
