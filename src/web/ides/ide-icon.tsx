import { ThemeIcon } from '@mantine/core'
import type { ReactNode } from 'react'
import type { IdeName } from '../../sessions/session.ts'
import { IDE_LOOKS } from './ide-look.ts'

/** The sign of an IDE; its name is always beside it, so it is hidden from screen readers. */
export function IdeIcon({ ide, size = 36 }: { ide: IdeName; size?: number }): ReactNode {
  const { icon: Sign, colour } = IDE_LOOKS[ide]
  return (
    <ThemeIcon variant="light" color={colour} size={size} aria-hidden>
      <Sign size={Math.round(size * 0.62)} stroke={1.6} />
    </ThemeIcon>
  )
}
