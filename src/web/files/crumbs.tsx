import { ActionIcon } from '@mantine/core'
import { IconHome } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import styles from './files.module.css'
import { crumbsOf } from './shown-entries.ts'

/** Where one is among the folders, and the ways up. */
export function Crumbs({
  path,
  onGo,
  onHome,
}: {
  /** Null until it is known. */
  path: string | null
  onGo: (path: string) => void
  onHome: () => void
}): ReactNode {
  const crumbs = path === null ? [] : crumbsOf(path)
  return (
    <nav aria-label="Folders above" className={styles['crumbs']}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        aria-label="Home folder"
        title="Home folder"
        onClick={onHome}
      >
        <IconHome size={18} />
      </ActionIcon>
      {crumbs.map(({ name, path: to }, n) => (
        <Fragment key={to}>
          {n > 1 && <span aria-hidden>/</span>}
          {n === crumbs.length - 1 ? (
            <span aria-current="true" className={styles['here']}>
              {name}
            </span>
          ) : (
            <button
              type="button"
              className={styles['crumb']}
              aria-label={n === 0 ? 'Root folder' : name}
              onClick={() => onGo(to)}
            >
              {name}
            </button>
          )}
        </Fragment>
      ))}
    </nav>
  )
}
