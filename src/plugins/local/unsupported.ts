import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'

type Asked = Pick<
  SubmittedJob,
  'container' | 'initContainers' | 'mounts' | 'placementConstraints' | 'queues' | 'config'
>

/** Refuses a job that needs what one machine does not have, rather than to run it without. Throws PluginError. */
export function refuseUnsupported(job: Asked): void {
  const asked = [
    job.container ? 'a container' : '',
    job.initContainers.length > 0 ? 'init containers' : '',
    job.mounts.length > 0 ? 'mounts' : '',
    job.placementConstraints.length > 0 ? 'placement constraints' : '',
    job.queues.length > 0 ? 'queues' : '',
    job.config.length > 0 ? 'settings of its own' : '',
  ].filter((what) => what !== '')
  if (asked.length === 0) return
  const message = `Jobs run here as processes of this server, without ${asked.join(', ')}.`
  throw new PluginError(PLUGIN_ERROR.notSupported, message)
}
