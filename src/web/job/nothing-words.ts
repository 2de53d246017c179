import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import { formatDay } from '../format/format-time.ts'

const DAY_MS = 86_400_000

/** Why there is no output of a job to be seen. */
export function nothingWords({ state, startedAt }: Pick<JobView, 'state' | 'startedAt'>): string {
  if (isEnded(state)) {
    return startedAt === null
      ? 'It was never started, so it printed nothing.'
      : 'It printed nothing.'
  }
  if (state === 'Pending')
    return 'It has not started yet. What it prints is shown here as it comes.'
  return 'It has printed nothing yet. What it prints is shown here as it comes.'
}

/** That the output was removed, and how long after the end of the job. */
export function removedWords(removedAt: string, endedAt: string | null): string {
  const days =
    endedAt === null ? 0 : Math.round((Date.parse(removedAt) - Date.parse(endedAt)) / DAY_MS)
  const after = days < 1 ? '' : `, ${days} ${days === 1 ? 'day' : 'days'} after its end`
  return `Its output was removed on ${formatDay(removedAt)}${after}.`
}
