import type { Job, ResourceLimit } from './job.ts'
import { isWantedJob } from './job-filter.ts'
import { clusterInfoRequest, listRequest, submitRequest, type OwnJobSpec } from './job-requests.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'
import { needsAsking, toldLimits } from './told-limits.ts'

/** Starts each job once: a job carries the tag `key:<key>` of its submission, by which it is found again. */
export class Submissions {
  readonly #plugin: PluginProcess
  readonly #pending = new Map<string, Promise<Job>>()

  constructor({ plugin }: { plugin: PluginProcess }) {
    this.#plugin = plugin
  }

  /** The job of this key and user: the one that is there or just being started, else a new one. Throws PluginError. */
  async submit(spec: OwnJobSpec, key: string): Promise<Job> {
    const pendingKey = `${spec.user}\n${key}`
    const pending = this.#pending.get(pendingKey)
    if (pending !== undefined) return pending
    const started = this.#findOrStart(spec, `key:${key}`)
    this.#pending.set(pendingKey, started)
    try {
      return await started
    } finally {
      this.#pending.delete(pendingKey)
    }
  }

  async #findOrStart(spec: OwnJobSpec, tag: string): Promise<Job> {
    const { user } = spec
    const wanted = { tags: [tag] }
    const found = await this.#plugin.request(listRequest('*', wanted), RESPONSES.jobs)
    // Not every plugin filters.
    const present = found.jobs.find((job) => job.user === user && isWantedJob(job, wanted))
    if (present !== undefined) return present
    const resourceLimits = await this.#toldLimits(spec)
    const request = submitRequest({ ...spec, resourceLimits, tags: [...spec.tags, tag] })
    const { jobs } = await this.#plugin.request(request, RESPONSES.jobs)
    const [job] = jobs
    if (job === undefined) throw new PluginError(PLUGIN_ERROR.unknown, 'the plugin told no job')
    if (job.user === user) return job
    throw new PluginError(
      PLUGIN_ERROR.unknown,
      `the plugin started a job of ${job.user || 'nobody'}`,
    )
  }

  // A plugin may refuse a job for a limit that it does not know.
  async #toldLimits({ user, resourceLimits = [] }: OwnJobSpec): Promise<readonly ResourceLimit[]> {
    if (!needsAsking(resourceLimits)) return resourceLimits
    const info = await this.#plugin.request(clusterInfoRequest(user), RESPONSES.clusterInfo)
    const listed = info.resourceLimits.map(({ type }) => type)
    return toldLimits(resourceLimits, listed)
  }
}
