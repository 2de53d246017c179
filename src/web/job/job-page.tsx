import { Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api.ts'
import { useJob } from '../api/job-queries.ts'
import type { JobView } from '../api/job-view.ts'
import { JobSign } from '../jobs/job-sign.tsx'
import { isStopping, reasonOf } from '../jobs/job-words.ts'
import { KindIcon } from '../jobs/kind-icon.tsx'
import { CommandLine } from '../shell/command-line.tsx'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement, usePageHeading } from '../shell/page.tsx'
import { JobButtons } from './job-buttons.tsx'
import { JobFacts } from './job-facts.tsx'
import { JobOutputSection } from './job-output.tsx'
import styles from './job.module.css'
import { MissingJob } from './missing-job.tsx'
import { UsageSection } from './usage-section.tsx'

/** The page of one job: how it is, what it has printed and what it has used. */
export function JobPage({ id }: { id: string }): ReactNode {
  const { data, error, refetch } = useJob(id)
  const missing = error instanceof ApiError && error.code === 'JOB_NOT_FOUND'
  const job = missing ? undefined : data
  const title = missing ? 'There is no such job' : (job?.name ?? 'Job')
  const heading = usePageHeading(title)
  return (
    <>
      <Group mb="md" gap="sm" justify="space-between">
        <Group gap="md">
          {job !== undefined && <KindIcon kind={job.kind} size={40} />}
          <Title order={1} size="h2" ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {job !== undefined && <JobSign job={job} />}
        </Group>
        {job !== undefined && <JobButtons job={job} />}
      </Group>
      {missing && <MissingJob />}
      {job !== undefined && <JobParts job={job} />}
      {job === undefined && error === null && <Skeleton height={320} radius="md" />}
      {job === undefined && error !== null && !missing && (
        <LoadProblem title="The job could not be read" error={error} onRetry={refetch} />
      )}
      <Announcement text={job === undefined ? '' : `${job.name} is ${stateWord(job)}.`} />
    </>
  )
}

function JobParts({ job }: { job: JobView }): ReactNode {
  const reason = reasonOf(job)
  return (
    <Stack gap="lg">
      {reason !== null && <Text>{reason}</Text>}
      <JobFacts job={job} />
      <div>
        <Group justify="space-between" mb="xs" gap="xs">
          <Title order={2} size="h4">
            Output
          </Title>
          <div className={styles['command']}>
            <CommandLine command={`atelier job logs -f ${job.id}`} />
          </div>
        </Group>
        <JobOutputSection job={job} />
      </div>
      <UsageSection job={job} />
    </Stack>
  )
}

function stateWord(job: JobView): string {
  return isStopping(job) ? 'Stopping' : job.state
}
