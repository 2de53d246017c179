import { Loader, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { StartStep } from './start-steps.ts'
import styles from './start.module.css'

const SIGNS: Readonly<Record<StartStep['status'], { sign: ReactNode; word: string }>> = {
  done: { sign: <IconCheck size={18} />, word: 'done' },
  current: { sign: <Loader size={16} />, word: 'in progress' },
  failed: { sign: <IconAlertTriangle size={18} />, word: 'failed' },
  waiting: { sign: <IconCircle size={18} />, word: 'to come' },
}

/** The steps of a start, each with its status as a sign and for screen readers. */
export function StepsList({ steps }: { steps: readonly StartStep[] }): ReactNode {
  return (
    <ol className={styles['steps']} aria-label="Progress">
      {steps.map(({ label, status }) => (
        <li
          key={label}
          data-status={status}
          aria-current={status === 'current' ? 'step' : undefined}
        >
          <span className={styles['stepSign']} aria-hidden>
            {SIGNS[status].sign}
          </span>
          {label}
          <VisuallyHidden>, {SIGNS[status].word}</VisuallyHidden>
        </li>
      ))}
    </ol>
  )
}
