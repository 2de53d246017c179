import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CommandLine } from '../shell/command-line.tsx'
import type { CreatedToken } from './token-view.ts'
import { curlExample } from './token-words.ts'

/** A token right after its creation: to be copied now or never. */
export function NewTokenShown({
  created,
  onClose,
}: {
  created: CreatedToken
  onClose: () => void
}): ReactNode {
  return (
    <Stack gap="md">
      <Alert
        color="var(--atelier-warn)"
        icon={<IconInfoCircle />}
        title="Copy it now: it is not shown again"
        role="status"
      >
        Atelier keeps only a fingerprint of it. If you lose it, revoke it and make another.
      </Alert>
      <CommandLine command={created.token} copy="Copy token" />
      <Text>Try it in a terminal, with the token in the variable ATELIER_TOKEN:</Text>
      <CommandLine command={curlExample(window.location.origin)} />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  )
}
