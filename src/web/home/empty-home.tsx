import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Teaches what a session is when there is none. */
export function EmptyHome({ onNew }: { onNew: () => void }): ReactNode {
  return (
    <Paper withBorder radius="lg" p="xl">
      <Stack gap="sm" align="flex-start" maw={620}>
        <Title order={2} size="h3">
          Start your first session
        </Title>
        <Text>
          A session is an IDE, such as JupyterLab or VS Code, that runs on the server and opens in
          your browser. It works with your files there, under your own account.
        </Text>
        <Text>
          Close the tab whenever you like: the session goes on, and you open it again from this
          page, on any computer. Stop it when you no longer need it.
        </Text>
        <Button mt="sm" leftSection={<IconPlus size={18} />} onClick={onNew}>
          New session
        </Button>
      </Stack>
    </Paper>
  )
}
