import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'
import styles from './shell.module.css'

/** Shows a page about a fault of this UI instead of a blank one. */
export class ErrorBoundary extends Component<
  { children: ReactNode },
  { error: { readonly thrown: unknown } | null }
> {
  override state: { error: { readonly thrown: unknown } | null } = { error: null }

  static getDerivedStateFromError(thrown: unknown): { error: { thrown: unknown } } {
    return { error: { thrown } }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? this.props.children : <Fault thrown={error.thrown} />
  }
}

function Fault({ thrown }: { thrown: unknown }): ReactNode {
  const details = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return (
    <main className={styles['main']}>
      <Paper withBorder radius="lg" p="xl" maw="40rem" mx="auto">
        <Stack gap="md" align="flex-start">
          <Title order={1} size="h2">
            This page does not work
          </Title>
          <Text>
            That is a fault of Atelier, not yours. Your sessions are not touched by it and go on
            running.
          </Text>
          <Text>
            Load the page again. If it happens again, copy the details and send them to whoever
            looks after this server.
          </Text>
          <Group>
            <Button onClick={() => window.location.reload()}>Load again</Button>
            <Button component="a" href="/" variant="default">
              Go to my sessions
            </Button>
            <CopyButton
              text={`${window.location.pathname}\n${details}`}
              label="Copy details"
              size="sm"
            />
          </Group>
        </Stack>
      </Paper>
    </main>
  )
}
