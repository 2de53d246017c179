import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'

/** Stands for a list until it is read; `what` is what it is of: `jobs`. */
export function ListLoading({ what }: { what: string }): ReactNode {
  return (
    <Stack gap="sm" aria-busy>
      <VisuallyHidden>Loading your {what}</VisuallyHidden>
      <Skeleton height={36} radius="md" />
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
    </Stack>
  )
}
