import { ThemeIcon } from '@mantine/core'
import type { ReactNode } from 'react'
import type { JobKind } from '../../jobs/workbench-job.ts'
import { KIND_LOOKS } from './job-kinds.ts'

/** The sign of what a job runs; its title is a tooltip, for its file or command is always beside it. */
export function KindIcon({ kind, size = 36 }: { kind: JobKind; size?: number }): ReactNode {
  const { icon: Picture, colour, title } = KIND_LOOKS[kind]
  return (
    <ThemeIcon variant="light" color={colour} size={size} title={title} aria-hidden>
      <Picture size={Math.round(size * 0.62)} stroke={1.6} />
    </ThemeIcon>
  )
}
