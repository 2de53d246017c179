import type { JobView } from '../api/job-view.ts'
import { isEnded } from '../api/job-state.ts'

/** True if the owner wants a job to end that has not ended. */
export function isStopping({ state, desired }: Pick<JobView, 'state' | 'desired'>): boolean {
  return !isEnded(state) && state !== 'Lost' && desired !== 'running'
}

/** Why a job is in its state, as a sentence; null where its state says it all. */
export function reasonOf(
  job: Pick<JobView, 'state' | 'desired' | 'reason' | 'reachable' | 'node'>,
): string | null {
  if (!isEnded(job.state) && !job.reachable && job.state !== 'Lost') {
    return `Its server ${job.node} does not answer now, so this may be out of date.`
  }
  if (job.reason !== null) return job.reason
  switch (job.state) {
    case 'Pending':
      return isStopping(job) ? null : 'It waits to be started.'
    case 'Suspended':
      return 'Its cluster has paused it, and will go on with it.'
    case 'Lost':
      return `Its server ${job.node} is out of reach. It is shown again as it is when the server is back.`
    default:
      return null
  }
}

/** What a job runs: the path of its file or the name of its command. */
export function whatOf({ script, command }: Pick<JobView, 'script' | 'command'>): string {
  return script ?? command ?? ''
}

/** Where a job runs: its cluster, if it is not the usual one, and its host, or else the server that looks after it. */
export function placeOf({
  cluster,
  host,
  node,
}: Pick<JobView, 'cluster' | 'host' | 'node'>): string {
  return [cluster, host ?? node].filter((part) => part !== null).join(' · ')
}

/** How long a job has run at the server's time `now` in ms; null if it did not run. */
export function ranMs(
  { startedAt, endedAt }: Pick<JobView, 'startedAt' | 'endedAt'>,
  now: number,
): number | null {
  if (startedAt === null) return null
  return Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt))
}
