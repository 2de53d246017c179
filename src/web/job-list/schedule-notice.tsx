import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSchedules } from '../schedules/use-schedules.ts'

/** Says that only the runs of a schedule are shown, and how to see all jobs. */
export function ScheduleNotice({ id, onClear }: { id: string; onClear: () => void }): ReactNode {
  const name = useSchedules().data?.find((schedule) => schedule.id === id)?.name
  return (
    <Group gap="md" mb="sm">
      <Text>{name === undefined ? 'Runs of a schedule' : `Runs of the schedule “${name}”`}</Text>
      <Button size="compact-md" fz="sm" variant="default" onClick={onClear}>
        Show all jobs
      </Button>
    </Group>
  )
}
