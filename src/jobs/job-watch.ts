import { EventEmitter } from 'node:events'
import type { WorkbenchJob } from './workbench-job.ts'

/**
 * Tells of the jobs of this node: `started` when it is known by which id the Launcher runs one, and `ended` once its row says
 * so. After a restart of the node nothing is told again.
 */
export class JobWatch extends EventEmitter<{
  started: [job: WorkbenchJob, launcherJobId: string]
  ended: [job: WorkbenchJob]
}> {
  constructor() {
    super()
    this.setMaxListeners(0)
  }
}
