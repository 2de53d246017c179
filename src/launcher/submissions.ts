import type { Job, JobSpec, ResourceLimit } from './job.ts'
import { clusterInfoRequest, listRequest, submitRequest } from './job-requests.ts'
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

  /** The job of this key: the one that is there or just being started, else a new one. Throws PluginError. */
  async submit(spec: JobSpec, key: string): Promise<Job> {
    const pending = this.#pending.get(key)
    if (pending !== undefined) return pending
    const started = this.#findOrStart(spec, `key:${key}`)
    this.#pending.set(key, started)
    try {
      return await started
    } finally {
      this.#pending.delete(key)
    }
  }

  async #findOrStart(spec: JobSpec, tag: string): Promise<Job> {
    const found = await this.#plugin.request(listRequest([tag]), RESPONSES.jobs)
    const present = found.jobs?.[0]
    if (present !== undefined) return present
    const resourceLimits = await this.#toldLimits(spec)
    const request = submitRequest({ ...spec, resourceLimits, tags: [...spec.tags, tag] })
    const { jobs } = await this.#plugin.request(request, RESPONSES.jobs)
    const job = jobs?.[0]
    if (job !== undefined) return job
    throw new PluginError(PLUGIN_ERROR.unknown, 'the plugin answered no job')
  }

  // A plugin may refuse a job for a limit that it does not know.
  async #toldLimits({ resourceLimits = [] }: JobSpec): Promise<readonly ResourceLimit[]> {
    if (!needsAsking(resourceLimits)) return resourceLimits
    const info = await this.#plugin.request(clusterInfoRequest(), RESPONSES.clusterInfo)
    const listed = info.resourceLimits?.map(({ type }) => type) ?? []
    return toldLimits(resourceLimits, listed)
  }
}
