import { Loader } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { StartStep } from './start-steps.ts'
import styles from './start.module.css'

const SIGNS: Readonly<Record<StartStep['status'], ReactNode>> = {
  done: <IconCheck size={18} aria-label="done" />,
  current: <Loader size={16} aria-label="in progress" />,
  failed: <IconAlertTriangle size={18} aria-label="failed" />,
  waiting: <IconCircle size={18} aria-label="to come" />,
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
          <span className={styles['stepSign']}>{SIGNS[status]}</span>
          {label}
        </li>
      ))}
    </ol>
  )
}
