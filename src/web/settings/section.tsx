import { Paper, Stack, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

/** Settings that belong together. */
export function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  const id = useId()
  return (
    <Paper component="section" withBorder radius="lg" p="lg" aria-labelledby={id}>
      <Stack gap="md">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}
