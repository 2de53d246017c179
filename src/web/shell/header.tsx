import { Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Me } from '../api/session-view.ts'
import styles from './shell.module.css'
import { UserMenu } from './user-menu.tsx'

/** The top of every page of a signed-in user; `me` is undefined until it is known. */
export function Header({
  me,
  onShortcuts,
}: {
  me: Me | undefined
  onShortcuts: () => void
}): ReactNode {
  return (
    <header className={styles['header']}>
      <div className={styles['headerInner']}>
        <Link href="/" className={styles['brand']} aria-label="Atelier: home">
          <img src="/favicon.svg" alt="" width={26} height={26} />
          <span>Atelier</span>
        </Link>
        {me === undefined ? (
          <Skeleton height={16} width={90} aria-hidden />
        ) : (
          <Text size="sm" c="dimmed" className={styles['host']} title={`Server ${me.host}`}>
            {me.host}
          </Text>
        )}
        {me !== undefined && <UserMenu me={me} onShortcuts={onShortcuts} />}
      </div>
    </header>
  )
}
