import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconCloudOff,
  IconMoon,
  IconPlayerStop,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SessionState } from '../../sessions/session.ts'
import { Sign, type SignLook } from '../shell/sign.tsx'

const LOOKS: Readonly<Record<SessionState, SignLook>> = {
  Starting: { icon: IconCircleDashed, tone: 'busy' },
  Active: { icon: IconCircleCheck, tone: 'good' },
  Idle: { icon: IconMoon, tone: 'quiet' },
  Lost: { icon: IconCloudOff, tone: 'bad' },
  Stopping: { icon: IconPlayerStop, tone: 'warn' },
  Stopped: { icon: IconCircleOff, tone: 'quiet' },
  Failed: { icon: IconAlertTriangle, tone: 'bad' },
}

/** The state of a session as a word with a sign. */
export function StateSign({ state }: { state: SessionState }): ReactNode {
  return <Sign look={LOOKS[state]} word={state} />
}
