import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './card-table.module.css'

/** A cell of a table of cards; the label stands in for the column's head where that is not shown. */
export function Cell({
  label,
  className,
  children,
}: {
  label: string
  className?: string | undefined
  children: ReactNode
}): ReactNode {
  return (
    <td role="cell" className={className}>
      <span className={styles['cellLabel']} aria-hidden>
        {label}
      </span>
      {children}
    </td>
  )
}

/** A value that is not known. */
export function Unknown(): ReactNode {
  return (
    <Text component="span" c="dimmed" aria-label="not known">
      –
    </Text>
  )
}
