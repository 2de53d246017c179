import type { ReactNode } from 'react'
import styles from './shortcut-list.module.css'

const SHORTCUTS = [
  { key: 'n', what: 'New session, job or schedule, where these are listed' },
  { key: '/', what: 'Search your jobs, what a job printed, or your sessions when there are many' },
  { key: '?', what: 'This list' },
] as const

/** All keyboard shortcuts and what they do. */
export function ShortcutList(): ReactNode {
  return (
    <dl className={styles['list']}>
      {SHORTCUTS.map(({ key, what }) => (
        <div key={key} className={styles['line']}>
          <dt>
            <kbd className={styles['key']}>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}
