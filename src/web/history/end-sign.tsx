import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconCloudOff,
  IconHandStop,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { EndState } from '../../history/history-entry.ts'
import { Sign, type SignLook } from '../shell/sign.tsx'

const LOOKS: Readonly<Record<EndState, SignLook>> = {
  Stopped: { icon: IconCircleOff, tone: 'quiet' },
  Finished: { icon: IconCircleCheck, tone: 'good' },
  Failed: { icon: IconAlertTriangle, tone: 'bad' },
  Killed: { icon: IconHandStop, tone: 'warn' },
  Canceled: { icon: IconCircleOff, tone: 'quiet' },
  Lost: { icon: IconCloudOff, tone: 'bad' },
}

/** How something has ended, as a word with a sign. */
export function EndSign({ state }: { state: EndState }): ReactNode {
  return <Sign look={LOOKS[state]} word={state} />
}
