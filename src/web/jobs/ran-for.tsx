import type { ReactNode } from 'react'
import type { JobView } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { useNow } from '../live/use-now.ts'
import { Unknown } from '../shell/card-cell.tsx'
import { ranMs } from './job-words.ts'

/** How long a job ran; a clock that goes on while it runs. */
export function RanFor({ job }: { job: JobView }): ReactNode {
  if (job.startedAt === null) return <Unknown />
  return job.endedAt === null ? (
    <Clock job={job} />
  ) : (
    formatElapsed(ranMs(job, Date.parse(job.endedAt)) ?? 0)
  )
}

function Clock({ job }: { job: JobView }): ReactNode {
  const now = useNow(1000)
  return <span role="timer">{formatElapsed(ranMs(job, now) ?? 0)}</span>
}
