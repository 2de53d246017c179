import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useEffect, type ReactNode } from 'react'
import { HomeHead } from '../home/home-head.tsx'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { ListLoading } from '../list/list-loading.tsx'
import { NewJobDialog } from '../new-job/new-job-dialog.tsx'
import { LoadProblem } from '../shell/load-problem.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { ScheduleTable } from './schedule-table.tsx'
import { useSchedules } from './use-schedules.ts'

/** The user's schedules, and the way to a new one. */
export function SchedulesSection(): ReactNode {
  const heading = usePageHeading('Schedules')
  const { data: schedules, error, refetch } = useSchedules()
  const [choosing, choose] = useDisclosure(false)
  const count = schedules?.length
  const rescueFocus = useCallback(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [heading])
  // The row that had the focus may have gone.
  useEffect(rescueFocus, [count, rescueFocus])
  useShortcuts({ n: choose.open })
  return (
    <>
      <HomeHead section="schedules" heading={heading}>
        <Button leftSection={<IconPlus size={18} />} onClick={choose.open}>
          New schedule
        </Button>
      </HomeHead>
      {schedules === undefined && error === null && <ListLoading what="schedules" />}
      {error !== null && (
        <LoadProblem
          title={
            schedules === undefined ? 'Your schedules could not be read' : 'This may be out of date'
          }
          error={error}
          onRetry={refetch}
        />
      )}
      {count === 0 && <EmptySchedules />}
      {schedules !== undefined && schedules.length > 0 && (
        <ScheduleTable schedules={schedules} onGone={rescueFocus} />
      )}
      <NewJobDialog opened={choosing} scheduled like={null} onClose={choose.close} />
    </>
  )
}

function EmptySchedules(): ReactNode {
  return (
    <Paper withBorder radius="lg" p="xl">
      <Stack gap="sm" align="flex-start" maw={620}>
        <Title order={2} size="h3">
          Let a job run by itself
        </Title>
        <Text>
          A schedule runs a script or notebook again and again: every hour, every morning, on the
          first of the month. Each run is a job of its own, which you find among your jobs with what
          it printed and how it ended.
        </Text>
        <Text>
          It needs no open browser, and runs once at each of its times however many servers there
          are. Begin with New schedule above.
        </Text>
      </Stack>
    </Paper>
  )
}
