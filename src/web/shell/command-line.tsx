import { Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'
import styles from './command-line.module.css'

/** A command to type in a terminal, or another text of that kind, with a button that copies it. */
export function CommandLine({
  command,
  copy = 'Copy command',
}: {
  command: string
  copy?: string
}): ReactNode {
  return (
    <Group gap="xs" align="center" wrap="wrap">
      <code className={styles['command']}>{command}</code>
      <CopyButton text={command} label={copy} />
    </Group>
  )
}
