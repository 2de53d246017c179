import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { ranMs } from '../jobs/job-words.ts'

/** A piece of news about a job. */
export interface JobNews {
  readonly title: string
  readonly body: string
  /** Where to look. */
  readonly url: string
  /** False if it is bad news. */
  readonly isGood: boolean
}

// So long after its end a job that was not known before is news.
const FRESH_MS = 60_000

/**
 * What to tell about a job that was known as `before` and is `now`, at the server's time `time` in ms: that it ended, was lost or
 * came back; else null.
 */
export function jobNewsOf(before: JobView | undefined, now: JobView, time: number): JobNews | null {
  if (before === undefined) {
    const isFresh = now.endedAt !== null && time - Date.parse(now.endedAt) < FRESH_MS
    if (!isFresh || !isEnded(now.state)) return null
  }
  if (before?.state === now.state) return null
  const { name } = now
  const url = `/jobs/${now.id}`
  if (isEnded(now.state)) {
    // Who has just stopped it knows.
    if (now.desired !== 'running') return null
    const ran = ranMs(now, Date.parse(now.endedAt ?? now.stateAt))
    const took = ran === null ? '' : `It ran for ${formatElapsed(ran)}.`
    const isGood = now.state === 'Finished' && (now.exitCode ?? 0) === 0
    const title = isGood ? `${name} has finished` : `${name} ${VERBS[now.state] ?? 'has ended'}`
    return { title, body: [now.reason, took].filter(Boolean).join(' '), url, isGood }
  }
  if (now.state === 'Lost') {
    const body = `Its server ${now.node} is out of reach. Nothing is run twice.`
    return { title: `${name} is lost`, body, url, isGood: false }
  }
  if (before?.state === 'Lost') {
    return { title: `${name} is back`, body: 'Its server answers again.', url, isGood: true }
  }
  return null
}

const VERBS: Readonly<Partial<Record<JobView['state'], string>>> = {
  Failed: 'failed',
  Killed: 'was killed',
  Canceled: 'was canceled',
}
