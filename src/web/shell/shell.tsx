import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useMe } from '../api/queries.ts'
import { ShortcutsDialog } from '../keyboard/shortcuts-dialog.tsx'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { useServerEvents } from '../live/use-server-events.ts'
import { Notices } from '../notices/notices.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Header } from './header.tsx'
import styles from './shell.module.css'

/** The frame around the pages of a signed-in user; it listens to the server's events. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  const me = useMe()
  const { lost, retry } = useServerEvents()
  const [path] = useLocation()
  const [helping, help] = useDisclosure(false)
  useShortcuts({ '?': help.open })
  return (
    <>
      <a href="#main" className={styles['skip']}>
        Skip to content
      </a>
      <Header me={me.data} onShortcuts={help.open} />
      <ConnectionBanner lost={lost} onRetry={retry} />
      <Notices />
      <ErrorBoundary key={path}>
        <main id="main" tabIndex={-1} className={styles['main']}>
          {children}
        </main>
      </ErrorBoundary>
      <ShortcutsDialog opened={helping} onClose={help.close} />
    </>
  )
}
