import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { JobView } from '../api/job-view.ts'
import { useMe, useVersions } from '../api/queries.ts'
import { formatMoment } from '../format/format-moment.ts'
import { formatProfile } from '../format/format-profile.ts'
import { KIND_LOOKS } from '../jobs/job-kinds.ts'
import { RanFor } from '../jobs/ran-for.tsx'
import { useNow } from '../live/use-now.ts'
import { exitWords } from './exit-words.ts'
import { commandLineOf, usedWords } from './job-facts-words.ts'
import styles from './job.module.css'

/** What is known of a job, as a list of terms. */
export function JobFacts({ job }: { job: JobView }): ReactNode {
  const me = useMe().data?.user
  return (
    <dl className={styles['facts']}>
      <Fact term={KIND_LOOKS[job.kind].title} wide>
        <code>{commandLineOf(job)}</code>
      </Fact>
      <Fact term="Exit code">{exitWords(job)}</Fact>
      <Fact term={job.endedAt === null ? 'Running for' : 'Ran for'}>
        {job.startedAt === null ? null : <RanFor job={job} />}
      </Fact>
      <Fact term={job.endedAt === null ? 'It uses' : 'It used'}>{usedWords(job)}</Fact>
      <Fact term="Limits">
        <Limits job={job} />
      </Fact>
      <Fact term="Submitted">
        <Moment time={job.createdAt} />
        {job.session !== null && ', from a session'}
        {job.schedule !== null && (
          <>
            , by <Link href="/schedules">its schedule</Link>
          </>
        )}
      </Fact>
      <Fact term="Started">{job.startedAt === null ? null : <Moment time={job.startedAt} />}</Fact>
      <Fact term="Ended">{job.endedAt === null ? null : <Moment time={job.endedAt} />}</Fact>
      <Fact term="Where">{whereOf(job)}</Fact>
      <Fact term="Versions">
        <Versions job={job} />
      </Fact>
      <Fact term="Folder">{job.workingDirectory}</Fact>
      <Fact term="Variables">
        {job.environmentNames.length === 0 ? null : job.environmentNames.join(', ')}
      </Fact>
      <Fact term="Told when it ends">{job.webhook}</Fact>
      <Fact term="Owner">{me === undefined || job.user === me ? null : job.user}</Fact>
    </dl>
  )
}

// Nothing is said of what is not known, or not yet.
function Fact({
  term,
  wide = false,
  children,
}: {
  term: string
  wide?: boolean
  children: ReactNode
}): ReactNode {
  if (children === null) return null
  return (
    <div data-wide={wide || undefined}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Moment({ time }: { time: string }): ReactNode {
  const now = useNow(60_000)
  const date = new Date(time)
  return (
    <time dateTime={time} title={date.toLocaleString()}>
      {formatMoment(date.getTime(), now)}
    </time>
  )
}

function Limits({ job: { profile, limits } }: { job: JobView }): ReactNode {
  const { cpus, memoryBytes } = limits
  if (profile === null && cpus === null && memoryBytes === null) return 'none'
  return formatProfile({ title: profile ?? 'at most', cpus, memoryBytes })
}

function Versions({ job }: { job: JobView }): ReactNode {
  const { data: versions = [] } = useVersions()
  const chosen = [job.python, job.r].filter((id) => id !== null)
  if (chosen.length === 0) return 'the usual ones'
  return chosen.map((id) => versions.find((version) => version.id === id)?.label ?? id).join(', ')
}

function whereOf({ cluster, host, node }: JobView): string {
  const place = host === null || host === node ? node : `${host}, by way of ${node}`
  return cluster === null ? place : `${place}, in ${cluster}`
}
