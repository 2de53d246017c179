import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconEdit, IconHandStop, IconPlayerStop, IconRotate } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useSearch } from 'wouter'
import { useRunAgain, useStopJob } from '../api/job-actions.ts'
import type { JobView } from '../api/job-view.ts'
import { useMe } from '../api/queries.ts'
import rows from '../list/rows.module.css'
import { useKeptFocus } from '../list/use-kept-focus.ts'
import { QuestionDialog } from '../shell/question-dialog.tsx'
import { isMeant } from './job-bulk.ts'

/** What can be done with a job in its state. */
export function JobActions({ job }: { job: JobView }): ReactNode {
  const me = useMe().data?.user
  const stop = useStopJob()
  const again = useRunAgain()
  const [asking, ask] = useDisclosure(false)
  const search = useSearch()
  const canForce = isMeant('force', job, me)
  const isOwn = job.user === me
  return (
    <Group gap={6} className={rows['buttons']} {...useKeptFocus(`${job.state} ${job.desired}`)}>
      {isMeant('stop', job, me) && (
        <Button
          size="compact-md"
          fz="sm"
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={stop.isPending}
          onClick={() => stop.mutate({ job })}
          aria-label={`Stop ${job.name}`}
        >
          Stop
        </Button>
      )}
      {isMeant('again', job, me) && (
        <Button
          size="compact-md"
          fz="sm"
          variant="default"
          leftSection={<IconRotate size={16} />}
          loading={again.isPending}
          onClick={() => again.mutate(job)}
          aria-label={`Run again ${job.name}`}
        >
          Run again
        </Button>
      )}
      {(canForce || isOwn) && (
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              aria-label={`More actions for ${job.name}`}
              title="More actions"
            >
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {isOwn && (
              <Menu.Item
                component={Link}
                href={`/jobs?${againQuery(search, job.id)}`}
                leftSection={<IconEdit size={16} />}
              >
                Run with changes…
              </Menu.Item>
            )}
            {canForce && (
              <Menu.Item
                c="var(--mantine-color-error)"
                leftSection={<IconHandStop size={16} />}
                onClick={ask.open}
              >
                Force stop…
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <QuestionDialog
        title={`Force stop ${job.name}?`}
        button="Force stop"
        dangerous
        pending={stop.isPending}
        error={null}
        problem=""
        opened={asking}
        onConfirm={() => {
          stop.mutate({ job, force: true })
          ask.close()
        }}
        onClose={ask.close}
      >
        <Text>
          The job ends at once, without a chance to tidy up. What it has written so far is kept. Use
          this when Stop does not help.
        </Text>
      </QuestionDialog>
    </Group>
  )
}

/** The query of the list, so that its filter stays, with the job to begin another like. */
function againQuery(search: string, id: string): string {
  const parameters = new URLSearchParams(search)
  parameters.set('again', id)
  return parameters.toString()
}
