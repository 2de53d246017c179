import type { JobChoices } from './job-choices.ts'

/** What is said of the number of jobs before somebody submits one. */
export interface JobsLeft {
  /** True if no other may be submitted now. */
  readonly isReached: boolean
  /** True if it will have to wait its turn. */
  readonly waits: boolean
  /** Null while the limits are far away. */
  readonly text: string | null
}

/** From so many left on it is told. */
const NEAR = 1

/** What is said to a user with so many jobs. */
export function jobsLeft({ running, waiting }: JobChoices['limits']): JobsLeft {
  const nothing = { isReached: false, waits: false, text: null }
  if (running.most === 0) {
    return { isReached: true, waits: false, text: 'Your administrator allows you no jobs.' }
  }
  if (waiting.most !== null && waiting.used >= waiting.most) {
    const text = `You have ${waiting.used} of ${counted(waiting.most)} waiting. Wait until one has started, or stop one.`
    return { isReached: true, waits: false, text }
  }
  if (running.most === null) return nothing
  const used = `You have ${running.used} of ${counted(running.most)} running`
  if (running.used >= running.most) {
    const before =
      waiting.used === 0
        ? 'until one of them ends'
        : `until it is its turn; ${waiting.used} wait${waiting.used === 1 ? 's' : ''} before it`
    return { isReached: false, waits: true, text: `${used}; this one will wait ${before}.` }
  }
  if (running.most - running.used > NEAR) return nothing
  return { isReached: false, waits: false, text: `${used}; after this one, others will wait.` }
}

function counted(jobs: number): string {
  return jobs === 1 ? '1 job' : `${jobs} jobs`
}
