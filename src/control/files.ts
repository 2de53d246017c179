import { z } from 'zod'
import type { Folders } from '../files/folders.ts'
import type { Api } from './api.ts'

/** What browsing files needs. */
export interface FileParts {
  readonly folders: Pick<Folders, 'list'>
}

const folderAnswer = z
  .object({
    path: z.string().describe('Its absolute path.'),
    parent: z.string().nullable().describe('The folder above it; null for the topmost.'),
    entries: z.array(
      z.object({
        name: z.string(),
        kind: z
          .enum(['directory', 'file', 'other'])
          .describe('What it is, or what a link leads to; `other` cannot be opened.'),
        size: z.number().describe('In bytes.'),
        modifiedAt: z.iso.datetime(),
      }),
    ),
    more: z.boolean().describe('True if there are more than the 2000 that are told.'),
  })
  .meta({ id: 'Folder', description: 'A folder as you see it: directories first, by name.' })

const listFiles = {
  id: 'listFiles',
  method: 'get',
  path: '/files',
  summary: 'What is in a folder of the server, as your account sees it',
  query: {
    path: z
      .string()
      .max(4096)
      .regex(/^\/[^\0]*$/, 'must be an absolute path')
      .optional()
      .describe('By itself your home.'),
  },
  errors: ['FOLDER_NOT_FOUND', 'FOLDER_CLOSED', 'LAUNCHER_UNAVAILABLE'],
  answers: { 200: { description: 'The folder.', body: folderAnswer } },
} as const

/** `GET /files`: what is in a folder, looked at by the user's own account. */
export function fileRoutes(api: Api, { folders }: FileParts): void {
  api.add('read', listFiles, async ({ user, query }) => {
    const { entries, ...folder } = await folders.list(user, query.path)
    const told = entries.map((each) => ({ ...each, modifiedAt: each.modifiedAt.toISOString() }))
    return { status: 200, body: { ...folder, entries: told } }
  })
}
