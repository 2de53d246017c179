import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import type { BulkWords } from '../list/bulk.ts'

/** What can be done with several jobs at once. */
export const JOB_ACTIONS = ['stop', 'force', 'again'] as const

/** What can be done with several jobs at once. */
export type JobAction = (typeof JOB_ACTIONS)[number]

const COMPUTING_PERCENT = 5

/** What the actions are called. */
export const JOB_WORDS: Readonly<Record<JobAction, BulkWords>> = {
  stop: {
    button: 'Stop',
    doing: 'Stopping',
    done: 'told to stop',
    outcome: 'Each is asked to end. What they have written so far is kept. This cannot be undone.',
    isDangerous: true,
    isRed: false,
  },
  force: {
    button: 'Force stop',
    doing: 'Stopping',
    done: 'told to stop at once',
    outcome: 'They end at once, without a chance to tidy up. This cannot be undone.',
    isDangerous: true,
    isRed: true,
  },
  again: {
    button: 'Run again',
    doing: 'Running again',
    done: 'submitted again',
    outcome: 'Each is submitted once more as a new job, with the same arguments and environment.',
    isDangerous: false,
    isRed: false,
  },
}

/** True if the action makes sense for the job as it is now; only one's own jobs are run again. */
export function isMeant(
  action: JobAction,
  { state, desired, user }: Pick<JobView, 'state' | 'desired' | 'user'>,
  me: string | undefined,
): boolean {
  switch (action) {
    case 'stop':
      return !isEnded(state) && desired === 'running'
    case 'force':
      return !isEnded(state) && desired !== 'killed'
    case 'again':
      return isEnded(state) && user === me
  }
}

/** The percentage of a processor that a job uses now; null if it does not compute. */
export function computes({ state, cpuPercent }: JobView): number | null {
  return !isEnded(state) && cpuPercent !== null && cpuPercent >= COMPUTING_PERCENT
    ? cpuPercent
    : null
}
