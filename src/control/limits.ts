import type { Limits } from '../sessions/limits.ts'
import { isFinal } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api } from './api.ts'
import { limitsAnswer } from './limits-json.ts'

/** What telling the limits needs. */
export interface UserLimitParts {
  readonly userLimits: Pick<Limits, 'of' | 'idleLimitsOf'>
  readonly sessions: Pick<Sessions, 'listSessions'>
}

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
      jobs: _jobs,
      jobsWaiting: _waiting,
      schedules: _schedules,
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
