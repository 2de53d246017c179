import { Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement, usePageHeading } from '../shell/page.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'
import { TokenTable } from './token-table.tsx'
import { useTokens } from './use-tokens.ts'

/** The API tokens of the user. */
export function TokensPage(): ReactNode {
  const heading = usePageHeading('API tokens')
  const { data: tokens, error, refetch } = useTokens()
  const [creating, create] = useDisclosure(false)
  const count = tokens?.length
  const rescueFocus = (): void => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }
  useEffect(rescueFocus, [count, heading])
  const newButton = (
    <Button leftSection={<IconPlus size={18} />} onClick={create.open}>
      New token
    </Button>
  )
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          API tokens
        </Title>
        {count !== 0 && newButton}
      </Group>
      <Text c="dimmed" mb="lg" maw="46rem">
        A token lets a script or program use Atelier in your name. Treat it like a password.
      </Text>
      {error !== null && (
        <LoadProblem title="Your tokens could not be read" error={error} onRetry={refetch} />
      )}
      {tokens === undefined && error === null && <Skeleton height={120} radius="md" aria-hidden />}
      {count === 0 && <NoToken button={newButton} />}
      {tokens !== undefined && tokens.length > 0 && (
        <TokenTable tokens={tokens} onFocusLost={rescueFocus} />
      )}
      <NewTokenDialog opened={creating} onClose={create.close} />
      <Announcement text={count === undefined ? '' : count === 1 ? '1 token' : `${count} tokens`} />
    </>
  )
}

function NoToken({ button }: { button: ReactNode }): ReactNode {
  return (
    <Paper withBorder radius="lg" p="xl">
      <Stack gap="sm" align="flex-start" maw={620}>
        <Title order={2} size="h3">
          You have no tokens
        </Title>
        <Text>
          With a token, a script can do what you do on these pages: list your sessions, start one
          for a nightly job, stop it again. You choose what it may do and for how long, and can
          revoke it at any time.
        </Text>
        {button}
      </Stack>
    </Paper>
  )
}
