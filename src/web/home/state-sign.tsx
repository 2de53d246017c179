import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconCloudOff,
  IconMoon,
  IconPlayerStop,
  type Icon,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SessionState } from '../../sessions/session.ts'
import styles from './state-sign.module.css'

const LOOKS: Readonly<Record<SessionState, { icon: Icon; tone: string }>> = {
  Starting: { icon: IconCircleDashed, tone: 'busy' },
  Active: { icon: IconCircleCheck, tone: 'good' },
  Idle: { icon: IconMoon, tone: 'quiet' },
  Lost: { icon: IconCloudOff, tone: 'bad' },
  Stopping: { icon: IconPlayerStop, tone: 'warn' },
  Stopped: { icon: IconCircleOff, tone: 'quiet' },
  Failed: { icon: IconAlertTriangle, tone: 'bad' },
}

/** The state of a session as a word with a sign; colour only repeats what they say. */
export function StateSign({ state }: { state: SessionState }): ReactNode {
  const { icon: Sign, tone } = LOOKS[state]
  return (
    <span className={styles['sign']} data-tone={tone}>
      <Sign size={16} stroke={2} aria-hidden />
      {state}
    </span>
  )
}
