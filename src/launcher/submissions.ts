import type { Job } from './job.ts'
import { isWantedJob } from './job-filter.ts'
import { listRequest, submitRequest, type OwnJobSpec } from './job-requests.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'

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
    const request = submitRequest({ ...spec, tags: [...spec.tags, tag] })
    const { jobs } = await this.#plugin.request(request, RESPONSES.jobs)
    const [job] = jobs
    if (job === undefined) throw new PluginError(PLUGIN_ERROR.unknown, 'the plugin told no job')
    if (job.user === user) return job
    throw new PluginError(
      PLUGIN_ERROR.unknown,
      `the plugin started a job of ${job.user || 'nobody'}`,
    )
  }
}
