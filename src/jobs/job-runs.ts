import type { Job, JobOperation, JobSpec } from '../launcher/job.ts'
import { keepOutputTag } from '../launcher/keep-output.ts'
import type { Launcher, LauncherClusters } from '../launcher/launcher.ts'
import { jobLimits } from '../sessions/grants.ts'
import type { JobCommand } from './job-command.ts'
import type { SeenJob } from './next-job-step.ts'
import type { WorkbenchJob } from './workbench-job.ts'

const ACTIVE = ['Pending', 'Running', 'Suspended'] as const
const EVERY_CLUSTER = '*'

/** What the Launcher has told in one look at its jobs that have not ended. */
export interface LauncherLook {
  /** True if the Launcher cluster that this job is for can be asked. */
  answersFor(job: WorkbenchJob): boolean
  /** The jobs that have not ended, each with the id of its Workbench job. */
  readonly active: readonly { readonly id: string; readonly job: Job }[]
}

/** A look at a Launcher that does not answer. */
export const NO_LOOK: LauncherLook = { answersFor: () => false, active: [] }

/** What runs Workbench jobs: jobs of the Launcher, in any of its clusters. */
export class JobRuns {
  readonly #launcher: Pick<Launcher, 'submit'> &
    Pick<LauncherClusters, 'find' | 'get' | 'control' | 'status'>
  readonly #commandOf: (job: WorkbenchJob) => Promise<JobCommand>
  readonly #tag: string
  readonly #keptOutput: () => number

  constructor(parts: {
    launcher: Pick<Launcher, 'submit'> &
      Pick<LauncherClusters, 'find' | 'get' | 'control' | 'status'>
    /** What is run for a job; throws what nothing can be run for. */
    commandOf: (job: WorkbenchJob) => Promise<JobCommand>
    /** Set apart from the jobs of other clusters on the same Launcher. */
    cluster: string
    /** How many bytes of what a job prints the Launcher is to keep, from its beginning. */
    keptOutput: () => number
  }) {
    this.#launcher = parts.launcher
    this.#commandOf = parts.commandOf
    this.#keptOutput = parts.keptOutput
    this.#tag = `atelier-job:${parts.cluster}`
  }

  /** Looks at all jobs that have not ended. Throws LAUNCHER_UNAVAILABLE if none of the Launcher clusters can be asked. */
  async look(): Promise<LauncherLook> {
    const query = { cluster: EVERY_CLUSTER, tags: [this.#tag], statuses: ACTIVE }
    const [{ jobs, unavailable }, { clusters }] = await Promise.all([
      this.#launcher.find(query),
      this.#launcher.status(),
    ])
    const standard = clusters.find(({ isDefault }) => isDefault)?.name
    const answering = new Set(
      clusters.map(({ name }) => name).filter((name) => !unavailable.includes(name)),
    )
    return {
      answersFor: ({ cluster }) => answering.has(cluster ?? standard ?? ''),
      active: jobs.flatMap((job) => {
        const id = workbenchId(job)
        return id === undefined ? [] : [{ id, job }]
      }),
    }
  }

  /** The job as it is now, also one that has ended; asked for by itself if the look has not shown it. */
  async see(job: WorkbenchJob, look: LauncherLook): Promise<SeenJob> {
    if (!look.answersFor(job)) return 'unknown'
    const active = look.active.find(({ id }) => id === job.id)
    if (active !== undefined) return active.job
    try {
      if (job.jobId !== null) return (await this.#launcher.get(job.jobId)) ?? 'none'
      const tags = [this.#tag, `workbench-job:${job.id}`]
      const { jobs, unavailable } = await this.#launcher.find({
        tags,
        ...(job.cluster !== null && { cluster: job.cluster }),
      })
      return jobs[0] ?? (unavailable.length > 0 ? 'unknown' : 'none')
    } catch {
      return 'unknown'
    }
  }

  /** Submits the job, once for each epoch however often it is called. Throws what keeps it from being run. */
  async submit(job: WorkbenchJob): Promise<Job> {
    const command = await this.#commandOf(job)
    const spec: JobSpec = {
      user: job.user,
      ...(job.cluster !== null && { cluster: job.cluster }),
      name: job.name,
      ...command,
      tags: [
        this.#tag,
        `workbench-job:${job.id}`,
        `epoch:${job.epoch}`,
        keepOutputTag(this.#keptOutput()),
      ],
      ...(job.limits !== null && jobLimits(job.profile, job.limits)),
    }
    return this.#launcher.submit(spec, `job.${job.id}.${job.epoch}`)
  }

  /** Does something to the job that runs it. */
  async control(job: Pick<Job, 'id'>, operation: JobOperation): Promise<void> {
    await this.#launcher.control(job.id, operation)
  }
}

/** The id of the Workbench job that this job of the Launcher runs, if it runs one. */
export function workbenchId({ tags }: Pick<Job, 'tags'>): string | undefined {
  const tag = 'workbench-job:'
  return tags.find((each) => each.startsWith(tag))?.slice(tag.length)
}
