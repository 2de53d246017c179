import { z } from 'zod'
import { IDE_NAMES } from '../sessions/session.ts'
import type { DeepReadonly } from './deep-readonly.ts'

const ofSession = (what: string) =>
  z.number().nullable().describe(`${what} a session may have at most; null for no limit.`)

/** What a user may have and has, as the API answers it. */
export const limitsAnswer = z
  .object({
    sessions: z.object({
      used: z.int().describe('How many you have that have not ended, on all nodes.'),
      most: z.int().nullable().describe('How many you may have; null for any number.'),
    }),
    cpus: ofSession('Processors'),
    memoryBytes: ofSession('Memory'),
    processes: ofSession('Processes and threads'),
    openFiles: z
      .int()
      .nullable()
      .describe('Files that a process may have open; null for no limit.'),
    nice: z.int().nullable().describe('As nice(1); null for none.'),
    ides: z.array(z.enum(IDE_NAMES)).nullable().describe('IDEs you may start; null for all.'),
    stopIdleAfterSeconds: z
      .number()
      .describe('Unused for so long, a session is stopped; 0 is never.'),
    maximumAgeSeconds: z.number().describe('So old, a session is stopped; 0 is never.'),
  })
  .meta({ id: 'Limits', description: 'What you may have, and how much of it you have.' })

/** The same as a type. */
export type LimitsJson = DeepReadonly<z.input<typeof limitsAnswer>>
