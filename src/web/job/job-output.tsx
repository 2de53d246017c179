import type { ReactNode } from 'react'
import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import { NoOutput, ReadingOutput } from '../output/no-output.tsx'
import { OutputPanel } from '../output/output-panel.tsx'
import { useJobOutput } from '../output/use-job-output.ts'
import { nothingWords, removedWords } from './nothing-words.ts'

/** What a job has printed, or why there is nothing to be seen of it. */
export function JobOutputSection({ job }: { job: JobView }): ReactNode {
  if (job.outputRemovedAt !== null) {
    return <NoOutput>{removedWords(job.outputRemovedAt, job.endedAt)}</NoOutput>
  }
  return <KeptOutput job={job} />
}

function KeptOutput({ job }: { job: JobView }): ReactNode {
  const output = useJobOutput(job.id)
  const { size, error } = output.state
  const ended = isEnded(job.state)
  if (size === null) {
    return error === null ? (
      <ReadingOutput />
    ) : (
      <NoOutput>Its output cannot be read: {error.message} It is tried again by itself.</NoOutput>
    )
  }
  if (size.lines === 0) return <NoOutput>{nothingWords(job)}</NoOutput>
  return (
    <OutputPanel
      jobId={job.id}
      output={output}
      startAtEnd={!ended || job.state !== 'Finished' || job.exitCode !== 0}
    />
  )
}
