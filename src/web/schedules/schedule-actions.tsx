import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconEdit, IconHistory, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import rows from '../list/rows.module.css'
import { QuestionDialog } from '../shell/question-dialog.tsx'
import { EditScheduleDialog } from './edit-schedule-dialog.tsx'
import type { ScheduleView } from './schedule-view.ts'
import { useDeleteSchedule, useRunSchedule } from './use-schedules.ts'

/** What can be done with a schedule. */
export function ScheduleActions({
  schedule,
  onGone,
}: {
  schedule: ScheduleView
  onGone: () => void
}): ReactNode {
  const { id, name } = schedule
  const run = useRunSchedule()
  const [editing, edit] = useDisclosure(false)
  const [asking, ask] = useDisclosure(false)
  const remove = useDeleteSchedule(ask.close)
  return (
    <Group gap={6} className={rows['buttons']}>
      <Button
        size="compact-md"
        fz="sm"
        variant="default"
        leftSection={<IconPlayerPlay size={16} />}
        loading={run.isPending}
        onClick={() => run.mutate(schedule)}
        aria-label={`Run now: ${name}`}
      >
        Run now
      </Button>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            aria-label={`More actions for ${name}`}
            title="More actions"
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            href={`/jobs?schedule=${id}`}
            leftSection={<IconHistory size={16} />}
          >
            Show its runs
          </Menu.Item>
          <Menu.Item leftSection={<IconEdit size={16} />} onClick={edit.open}>
            Edit…
          </Menu.Item>
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} />}
            onClick={ask.open}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EditScheduleDialog schedule={schedule} opened={editing} onClose={edit.close} />
      <QuestionDialog
        title={`Delete the schedule ${name}?`}
        button="Delete"
        dangerous
        pending={remove.isPending}
        error={remove.error}
        problem="It could not be deleted"
        opened={asking}
        onConfirm={() => remove.mutate(schedule)}
        onClose={ask.close}
        onGone={onGone}
      >
        <Text>
          It runs no more. Jobs that it has started stay in your list of jobs, and one that runs now
          goes on.
        </Text>
      </QuestionDialog>
    </Group>
  )
}
