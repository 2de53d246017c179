import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Says that the filter hides everything, and takes it away. */
export function NoMatch({
  noun,
  onClear,
  children,
}: {
  noun: string
  onClear: () => void
  children: ReactNode
}): ReactNode {
  return (
    <Paper withBorder radius="lg" p="xl">
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h4">
          No {noun} matches
        </Title>
        <Text>{children}</Text>
        <Button
          variant="default"
          leftSection={<IconFilterOff size={18} aria-hidden />}
          onClick={onClear}
        >
          Show all {noun}s
        </Button>
      </Stack>
    </Paper>
  )
}
