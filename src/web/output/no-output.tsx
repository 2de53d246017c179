import { Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './output.module.css'

/** What stands in the place of output that is not there. */
export function NoOutput({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className={styles['nothing']}>
      <Text c="dimmed">{children}</Text>
    </div>
  )
}

/** The place of output that is being read for the first time. */
export function ReadingOutput(): ReactNode {
  return <Skeleton height={260} radius="md" aria-label="The output is being read" role="img" />
}
