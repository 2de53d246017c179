import { z } from 'zod'
import { IDE_NAMES } from '../sessions/session.ts'

const name = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .describe('What you call it.')

const versionOf = (language: string) =>
  z
    .string()
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe(`The id of a ${language} of /versions; null for the usual one.`)

/** What a session is started with. */
export const startBody = z
  .strictObject({
    ide: z.enum(IDE_NAMES),
    name: name.default(null),
    python: versionOf('Python'),
    r: versionOf('R'),
    profile: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('The name of a resource profile; null for the usual one.'),
    folder: z
      .string()
      .max(4096)
      .regex(/^\/[^\p{Cc}\p{Cs}]*$/u, 'must be an absolute path')
      .nullable()
      .default(null)
      .describe('The absolute path of the folder that the IDE opens; null for the home.'),
  })
  .meta({ id: 'StartSession', description: 'What a session is started with.' })

/** What changes in a session. */
export const renameBody = z
  .strictObject({
    name,
    version: z
      .int()
      .positive()
      .optional()
      .describe(
        'Rename it only if it has this version; If-Match does the same with another error.',
      ),
  })
  .meta({ id: 'RenameSession', description: 'What changes in a session.' })
