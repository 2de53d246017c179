import type { SessionView } from '../api/session-view.ts'

/** A step of a start, in the order of the steps. */
export interface StartStep {
  readonly label: string
  readonly status: 'done' | 'current' | 'failed' | 'waiting'
}

/**
 * How far the start of a session is. Its row changes first when the Launcher has taken it;
 * output shows that its IDE runs.
 */
export function startSteps(
  session: Pick<SessionView, 'state' | 'version'>,
  ideTitle: string,
  hasOutput: boolean,
): readonly StartStep[] {
  const labels = ['Created', 'Submitted', `Starting ${ideTitle}`, 'Ready']
  const submitted = hasOutput || session.version > 1
  const ready = session.state === 'Active' || session.state === 'Idle'
  const reached = ready ? labels.length : submitted ? 2 : 1
  const here = session.state === 'Failed' ? 'failed' : 'current'
  return labels.map((label, index) => ({
    label,
    status: index < reached ? 'done' : index === reached ? here : 'waiting',
  }))
}
