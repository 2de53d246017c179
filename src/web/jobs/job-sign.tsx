import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconCloudOff,
  IconHandStop,
  IconHourglass,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { JobState } from '../../jobs/workbench-job.ts'
import type { JobView } from '../api/job-view.ts'
import { Sign, type SignLook } from '../shell/sign.tsx'
import { isStopping } from './job-words.ts'

const LOOKS: Readonly<Record<JobState, SignLook>> = {
  Pending: { icon: IconHourglass, tone: 'quiet' },
  Running: { icon: IconPlayerPlay, tone: 'busy' },
  Suspended: { icon: IconPlayerPause, tone: 'warn' },
  Finished: { icon: IconCircleCheck, tone: 'good' },
  Failed: { icon: IconAlertTriangle, tone: 'bad' },
  Killed: { icon: IconHandStop, tone: 'warn' },
  Canceled: { icon: IconCircleOff, tone: 'quiet' },
  Lost: { icon: IconCloudOff, tone: 'bad' },
}

/**
 * The state of a job as a word with a sign; Stopping as long as a wish to stop it is not fulfilled, and for one that
 * finished without success that it was stopped, or its exit code.
 */
export function JobSign({
  job,
}: {
  job: Pick<JobView, 'state' | 'desired' | 'exitCode'>
}): ReactNode {
  if (isStopping(job)) {
    return <Sign look={{ icon: IconPlayerStop, tone: 'warn' }} word="Stopping" />
  }
  if (job.state === 'Finished' && (job.exitCode ?? 0) !== 0) {
    if (job.desired !== 'running') return <Sign look={LOOKS.Canceled} word="Stopped" />
    return <Sign look={LOOKS.Failed} word={`Exit code ${job.exitCode}`} />
  }
  return <Sign look={LOOKS[job.state]} word={job.state} />
}
