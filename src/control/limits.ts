import { z } from 'zod'
import type { Limits } from '../sessions/limits.ts'
import { IDE_NAMES, isFinal } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api } from './api.ts'
import type { DeepReadonly } from './deep-readonly.ts'

/** What telling the limits needs. */
export interface UserLimitParts {
  readonly userLimits: Pick<Limits, 'of' | 'idleLimitsOf'>
  readonly sessions: Pick<Sessions, 'listSessions'>
}

const ofSession = (what: string) =>
  z.number().nullable().describe(`${what} a session may have at most; null for no limit.`)

const limitsAnswer = z
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

/** What the user may have and has, as a type. */
export type LimitsJson = DeepReadonly<z.input<typeof limitsAnswer>>

const getLimits = {
  id: 'getLimits',
  method: 'get',
  path: '/limits',
  summary: 'What you may have, and how much of it you have',
  answers: { 200: { description: 'Your limits.', body: limitsAnswer } },
} as const

/** `GET /limits`: what the user may have, and how much of it the user has. */
export function limitRoutes(api: Api, { userLimits, sessions }: UserLimitParts): void {
  api.add('read', getLimits, async ({ user }) => {
    const {
      sessions: most,
      profiles: _,
      stopIdleAfter: __,
      maximumAge: ___,
      ...limits
    } = await userLimits.of(user)
    const { stopIdleAfter, maximumAge } = userLimits.idleLimitsOf(user)
    const used = sessions.listSessions(user).filter(({ state }) => !isFinal(state)).length
    return {
      status: 200,
      body: {
        ...limits,
        sessions: { used, most },
        stopIdleAfterSeconds: stopIdleAfter / 1000,
        maximumAgeSeconds: maximumAge / 1000,
      },
    }
  })
}
