import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHandStop, IconPlayerStop, IconRotate } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useRunAgain, useStopJob } from '../api/job-actions.ts'
import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { QuestionDialog } from '../shell/question-dialog.tsx'

/** What can be done with a job: stop it, by force if it does not end, run the same again, hand its address on. */
export function JobButtons({ job }: { job: JobView }): ReactNode {
  const again = useRunAgain()
  const [asking, ask] = useDisclosure(false)
  const ended = isEnded(job.state)
  const asked = job.desired !== 'running'
  return (
    <Group gap="xs">
      {!ended && job.desired !== 'killed' && (
        <Button
          variant="default"
          leftSection={asked ? <IconHandStop size={18} /> : <IconPlayerStop size={18} />}
          onClick={ask.open}
        >
          {asked ? 'Force stop…' : 'Stop…'}
        </Button>
      )}
      <Button
        variant={ended ? 'filled' : 'default'}
        leftSection={<IconRotate size={18} />}
        loading={again.isPending}
        onClick={() => again.mutate(job)}
      >
        Run again
      </Button>
      <CopyButton text={window.location.href} label="Copy link" size="sm" />
      <StopDialog job={job} force={asked} opened={asking && !ended} onClose={ask.close} />
    </Group>
  )
}

function StopDialog({
  job,
  force,
  opened,
  onClose,
}: {
  job: JobView
  force: boolean
  opened: boolean
  onClose: () => void
}): ReactNode {
  const stop = useStopJob()
  return (
    <QuestionDialog
      title={force ? `Force stop ${job.name}?` : `Stop ${job.name}?`}
      button={force ? 'Force stop' : 'Stop it'}
      dangerous
      pending={stop.isPending}
      error={null}
      problem=""
      opened={opened}
      onConfirm={() => stop.mutate({ job, force }, { onSettled: onClose })}
      onClose={onClose}
    >
      <Text>
        {force
          ? 'It ends at once, without a chance to tidy up. Use this when it does not end by itself.'
          : 'It is asked to end and given some time for it. What it has printed and written so far is kept.'}
      </Text>
    </QuestionDialog>
  )
}
