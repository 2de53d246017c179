import type { ReactNode } from 'react'
import styles from './usage-bar.module.css'

/** How much is used of a limit: a text, and a bar below it if there is a limit. */
export function UsageBar({
  used,
  limit,
  children,
}: {
  used: number
  /** In the unit of `used`; null for none. */
  limit: number | null
  /** The same as a text. */
  children: ReactNode
}): ReactNode {
  return (
    <span className={styles['usage']}>
      {children}
      {limit !== null && limit > 0 && (
        <span className={styles['bar']} aria-hidden>
          <span data-full={used >= 0.9 * limit} style={{ width: `${percentOf(used, limit)}%` }} />
        </span>
      )}
    </span>
  )
}

function percentOf(used: number, limit: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, used / limit)))
}
