import { Modal, Skeleton, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useJob } from '../api/job-queries.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { JobForm } from './job-form.tsx'

/** Asks what job to run, or to put on a schedule; it may begin like another job. */
export function NewJobDialog({
  opened,
  scheduled,
  like,
  onClose,
}: {
  opened: boolean
  scheduled: boolean
  /** The id of a job to begin with; null for an empty form. */
  like: string | null
  onClose: () => void
}): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={scheduled ? 'New schedule' : like === null ? 'New job' : 'Run again with changes'}
      size="xl"
      // What is typed is not lost by a click beside it.
      closeOnClickOutside={false}
    >
      {like === null ? (
        <JobForm like={null} scheduled={scheduled} onClose={onClose} />
      ) : (
        <LikeJob id={like} onClose={onClose} />
      )}
    </Modal>
  )
}

function LikeJob({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const { data, error, refetch } = useJob(id)
  if (data !== undefined) return <JobForm like={data} scheduled={false} onClose={onClose} />
  if (error !== null) {
    return <LoadProblem title="The job could not be read" error={error} onRetry={refetch} />
  }
  return (
    <Stack gap="sm" aria-busy>
      <Skeleton height={36} radius="md" />
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
    </Stack>
  )
}
