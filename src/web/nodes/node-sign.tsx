import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconCloudOff,
  IconHourglass,
  IconLogout,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { NodeState } from '../../nodes/cluster-node.ts'
import { Sign, type SignLook } from '../shell/sign.tsx'
import { NODE_WORDS } from './node-words.ts'

const LOOKS: Readonly<Record<NodeState, SignLook>> = {
  alive: { icon: IconCircleCheck, tone: 'good' },
  suspect: { icon: IconHourglass, tone: 'warn' },
  leaving: { icon: IconLogout, tone: 'busy' },
  failed: { icon: IconAlertTriangle, tone: 'bad' },
  lost: { icon: IconCloudOff, tone: 'bad' },
  offline: { icon: IconCircleOff, tone: 'quiet' },
}

/** The state of a node as a word with a sign. */
export function NodeSign({ state }: { state: NodeState }): ReactNode {
  return <Sign look={LOOKS[state]} word={NODE_WORDS[state]} />
}
