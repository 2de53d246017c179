import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Says that the filter hides all sessions, and takes it away. */
export function NoMatch({ count, onClear }: { count: number; onClear: () => void }): ReactNode {
  return (
    <Paper withBorder radius="lg" p="xl">
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h4">
          No session matches
        </Title>
        <Text>
          {count === 1 ? 'Your session is' : `All your ${count} sessions are`} hidden by the search
          or the filters.
        </Text>
        <Button
          variant="default"
          leftSection={<IconFilterOff size={18} aria-hidden />}
          onClick={onClear}
        >
          Show all sessions
        </Button>
      </Stack>
    </Paper>
  )
}
