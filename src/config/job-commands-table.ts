import { z } from 'zod'
import { ABSOLUTE_PATH, absolutePath, KEY_FACTS } from './key-facts.ts'

const argument = z.string().regex(/^[^\0]*$/)

/** `[jobs.commands.NAME]`: what people may run as a job beside files of their own, by name. */
export const jobCommandsTable = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    z.strictObject({
      exe: absolutePath.register(KEY_FACTS, {
        description: 'The program that the command runs, as the account of whoever runs it.',
        otherwise: 'the command cannot be',
        example: '/opt/reports/bin/nightly',
        right: ABSOLUTE_PATH,
        reloadable: true,
      }),
      args: z
        .array(argument)
        .default([])
        .register(KEY_FACTS, {
          description: 'What the program is told on its command line.',
          otherwise: 'nothing',
          example: ['--quiet'],
          right: 'a list of arguments, such as ["--quiet"]',
          reloadable: true,
        }),
      title: z.string().min(1).max(60).optional().register(KEY_FACTS, {
        description: 'What people are shown of this command.',
        otherwise: 'its name',
        example: 'Nightly report',
        reloadable: true,
      }),
      arguments: z.boolean().default(false).register(KEY_FACTS, {
        description: 'Whether who runs it may add arguments, which come after those of args.',
        reloadable: true,
      }),
    }),
  )
  .default({})
