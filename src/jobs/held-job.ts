import type { Held } from '../sessions/placement-figures.ts'
import type { WorkbenchJob } from './workbench-job.ts'

/** The job as something that a node holds, for the choice of a node: it counts as a session does. */
export function heldJob({ node, state, stateAt }: WorkbenchJob): Held {
  return { node, stateAt, state: state === 'Pending' ? 'Starting' : 'Active' }
}
