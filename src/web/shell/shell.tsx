import type { ReactNode } from 'react'
import { useMe } from '../api/queries.ts'
import { useServerEvents } from '../live/use-server-events.ts'
import { Header } from './header.tsx'
import styles from './shell.module.css'

/** The frame around the pages of a signed-in user; it listens to the server's events. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  const me = useMe()
  const lost = useServerEvents()
  return (
    <>
      <a href="#main" className={styles['skip']}>
        Skip to content
      </a>
      <Header me={me.data} />
      <div role="status" className={styles['banner']}>
        {lost ? 'Connection lost, retrying… Open sessions may go on working.' : null}
      </div>
      <main id="main" tabIndex={-1} className={styles['main']}>
        {children}
      </main>
    </>
  )
}
