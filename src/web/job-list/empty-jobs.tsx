import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { CommandLine } from '../shell/command-line.tsx'

/** Teaches what a job is when there is none. */
export function EmptyJobs(): ReactNode {
  return (
    <Paper withBorder radius="lg" p="xl">
      <Stack gap="sm" align="flex-start" maw={620}>
        <Title order={2} size="h3">
          Run your first job
        </Title>
        <Text>
          A job is a script or notebook that runs on the server from beginning to end, without
          anybody there: an analysis that takes all night, a report, a model. It works with your
          files, under your own account, and needs no open session and no open browser.
        </Text>
        <Text>
          You see here how far it is, what it prints and what it uses, and can stop it or run it
          again. Put it on a schedule to have it run by itself.
        </Text>
        <Text>Begin with New job above, or type in the terminal of any session:</Text>
        <CommandLine command="atelier job submit script.R" />
      </Stack>
    </Paper>
  )
}
