import t from 'tap'
import { AtelierError, type ErrorCode } from '../../src/errors.ts'
import type { JobOutputs } from '../../src/jobs/job-end.ts'
import { JobOrphans } from '../../src/jobs/job-orphans.ts'
import { JobRuns } from '../../src/jobs/job-runs.ts'
import { noAnswerSentence, NO_SERVER, turnSentence } from '../../src/jobs/job-sentences.ts'
import { JobSteps } from '../../src/jobs/job-steps.ts'
import { JobWatch } from '../../src/jobs/job-watch.ts'
import { LivingJobs } from '../../src/jobs/living-jobs.ts'
import type { WorkbenchJob } from '../../src/jobs/workbench-job.ts'
import { isFinalStatus, type Job, type JobQuery, type JobSpec } from '../../src/launcher/job.ts'
import { ReconcileJobs } from '../../src/tasks/reconcile-jobs.ts'
import { launcherJob, workbenchJob } from '../fixtures/job.ts'
import { MemoryJobStore } from '../fixtures/memory-job-store.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

/** A Launcher in memory, which may be away, or take a job and not answer. */
class MemoryLauncher {
  readonly jobs = new Map<string, Job>()
  readonly controls: string[] = []
  isAway = false
  refusal: ErrorCode | undefined
  losesAnswer = false

  async submit({ tags, name }: JobSpec, key: string): Promise<Job> {
    if (this.isAway) throw new AtelierError('LAUNCHER_UNAVAILABLE')
    if (this.refusal !== undefined) throw new AtelierError(this.refusal, 'It cannot be.')
    const known = [...this.jobs.values()].find((job) => job.tags.includes(`key:${key}`))
    const job = known ?? launcherJob({ id: `L-${name}`, name, tags: [...tags, `key:${key}`] })
    this.jobs.set(job.id, job)
    if (!this.losesAnswer) return job
    throw new AtelierError('LAUNCHER_UNAVAILABLE')
  }

  async find({ tags = [], statuses = [] }: JobQuery) {
    if (this.isAway) throw new AtelierError('LAUNCHER_UNAVAILABLE')
    const jobs = [...this.jobs.values()].filter(
      ({ status, tags: own }) =>
        tags.every((tag) => own.includes(tag)) &&
        (statuses.length === 0 || statuses.includes(status)),
    )
    return { jobs, unavailable: [] }
  }

  async get(id: string): Promise<Job | undefined> {
    return this.jobs.get(id)
  }

  async status() {
    return { clusters: [{ name: 'Local', isDefault: true }] } as never
  }

  async control(id: string, operation: string): Promise<void> {
    this.controls.push(`${operation} ${id}`)
  }

  end(id: string, changes: Partial<Job> = { status: 'Finished', exitCode: 0 }): void {
    const job = this.jobs.get(id)
    if (job !== undefined) this.jobs.set(id, { ...job, ...changes })
  }
}

function nodeWith(
  jobs: readonly WorkbenchJob[],
  { most = null, outputs }: { most?: number | null; outputs?: JobOutputs } = {},
) {
  const store = new MemoryJobStore(jobs)
  const launcher = new MemoryLauncher()
  const living = new LivingJobs()
  const watch = new JobWatch()
  const told: string[] = []
  watch.on('started', ({ id }, launcherId) => told.push(`started ${id} ${launcherId}`))
  watch.on('ended', ({ id, state }) => told.push(`ended ${id} ${state}`))
  const commandOf = async () => ({ exe: 'x', args: [], environment: {}, workingDirectory: '/' })
  const runs = new JobRuns({ launcher, commandOf, cluster: 'c', keptOutput: () => 1 })
  const state = { draining: false, others: ['n2'] }
  const steps = new JobSteps({
    store,
    living,
    runs,
    watch,
    outputs: outputs ?? {
      finish: async () => ({ outputBytes: 7, cpuSeconds: 1, peakMemoryBytes: 2 }),
    },
    placement: {
      place: async (_, put) => {
        const [other] = state.others
        if (other === undefined) throw new AtelierError('NO_NODE')
        return put(other)
      },
    },
    facts: () => ({ draining: state.draining, submitAgainWithin: 3_600_000, stopTimeout: 1000 }),
    log: silent,
  })
  const task = new ReconcileJobs({
    node: 'n1',
    store,
    living,
    runs,
    steps,
    orphans: new JobOrphans({ store, runs, stopTimeout: () => 1000, log: silent }),
    limitsOf: async () => ({ jobs: most }),
    log: silent,
    again: () => undefined,
  })
  const { signal } = new AbortController()
  const job = (id = 'job-1') => {
    const row = store.rows.get(id)
    if (row === undefined) throw new Error(`there is no ${id}`)
    return row
  }
  /** Looks again and again until the job is so. */
  const untilJob = (wanted: Partial<WorkbenchJob>, id = 'job-1') =>
    until(async () => {
      await task.activate(signal)
      const row = job(id)
      const keys = Object.keys(wanted) as (keyof WorkbenchJob)[]
      return keys.every((key) => row[key] === wanted[key])
    })
  return { store, launcher, told, state, task, signal, job, untilJob }
}

t.test('a job is handed over, followed and ended with what it used', async (t) => {
  const node = nodeWith([workbenchJob({ name: 'a' })])
  await node.untilJob({ state: 'Running', jobId: 'L-a' })
  node.launcher.end('L-a', { status: 'Finished', exitCode: 3 })
  await node.untilJob({ state: 'Finished' })
  t.match(node.job(), { exitCode: 3, outputBytes: 7, cpuSeconds: 1, peakMemoryBytes: 2 })
  t.same(node.told, ['started job-1 L-a', 'ended job-1 Finished'])
})

t.test(
  'one that the Launcher took without an answer is found and not submitted again',
  async (t) => {
    const node = nodeWith([workbenchJob({ name: 'a' })])
    node.launcher.losesAnswer = true
    await until(async () => {
      await node.task.activate(node.signal)
      return node.launcher.jobs.size === 1
    })
    t.ok(node.job().submittedAt)
    await node.untilJob({ jobId: 'L-a', state: 'Running', reason: null })
    t.equal(node.launcher.jobs.size, 1)
  },
)

t.test('one that was handed over before a crash is submitted once', async (t) => {
  const node = nodeWith([workbenchJob({ name: 'a', submittedAt: new Date() })])
  await node.untilJob({ jobId: 'L-a' })
  t.equal(node.launcher.jobs.size, 1)
})

t.test('while the Launcher is away nothing is handed over, and its owner is told', async (t) => {
  const node = nodeWith([workbenchJob({ name: 'a' })])
  node.launcher.isAway = true
  await node.untilJob({ reason: noAnswerSentence(null) })
  t.equal(node.job().submittedAt, null)
  node.launcher.isAway = false
  await node.untilJob({ state: 'Running', reason: null })
})

t.test('one that is refused has failed, and says why', async (t) => {
  const node = nodeWith([workbenchJob()])
  node.launcher.refusal = 'BAD_REQUEST'
  await node.untilJob({ state: 'Failed', reason: 'It cannot be.' })
  t.ok(node.job().endedAt)
  t.same(node.told, ['ended job-1 Failed'])
})

t.test('what may pass is tried again', async (t) => {
  const node = nodeWith([workbenchJob({ name: 'a' })])
  node.launcher.refusal = 'NAME_SERVICE_UNAVAILABLE'
  await until(async () => {
    await node.task.activate(node.signal)
    return node.job().submittedAt !== null
  })
  t.equal(node.job().state, 'Pending')
  node.launcher.refusal = undefined
  await node.untilJob({ state: 'Running' })
})

t.test('those that wait their turn say so and start in their order', async (t) => {
  const jobs = ['a', 'b', 'c'].map((id) => workbenchJob({ id, name: id }))
  const node = nodeWith(jobs, { most: 1 })
  await node.untilJob({ state: 'Running' }, 'a')
  for (const id of ['b', 'c']) await node.untilJob({ reason: turnSentence(1) }, id)
  node.launcher.end('L-a')
  await node.untilJob({ state: 'Running', reason: null }, 'b')
  t.match(node.job('c'), { state: 'Pending', submittedAt: null })
})

t.test('a node that is drained gives away what waits, if another node takes it', async (t) => {
  const running = workbenchJob({ id: 'b', name: 'b' })
  const node = nodeWith([running])
  await node.untilJob({ state: 'Running' }, 'b')
  node.store.rows.set('a', workbenchJob({ id: 'a' }))
  node.state.draining = true
  node.state.others = []
  await node.untilJob({ reason: NO_SERVER }, 'a')
  node.state.others = ['n2']
  await node.untilJob({ node: 'n2' }, 'a')
  t.match(node.job('b'), { node: 'n1', state: 'Running' })
})

t.test('a job is asked to stop once, and killed when it does not', async (t) => {
  const node = nodeWith([workbenchJob({ name: 'a' })])
  await node.untilJob({ state: 'Running' })
  node.store.rows.set('job-1', { ...node.job(), desired: 'stopped', version: 90 })
  await until(async () => {
    await node.task.activate(node.signal)
    return node.launcher.controls.includes('kill L-a')
  })
  t.same(
    node.launcher.controls.filter((each) => each.startsWith('stop')),
    ['stop L-a'],
  )
})

t.test('a step that takes long holds up no other job', async (t) => {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const totals = { outputBytes: 1, cpuSeconds: null, peakMemoryBytes: null }
  const outputs = {
    finish: async ({ id }: { id: string }) => {
      if (id === 'slow') await held
      return totals
    },
  }
  const jobs = ['slow', 'quick'].map((id) => workbenchJob({ id, name: id }))
  const node = nodeWith(jobs, { outputs })
  for (const id of ['slow', 'quick']) {
    await node.untilJob({ state: 'Running' }, id)
    node.launcher.end(`L-${id}`)
  }
  await node.untilJob({ state: 'Finished' }, 'quick')
  t.equal(node.job('slow').state, 'Running', 'its end is told once all is kept')
  release()
  await node.untilJob({ state: 'Finished', outputBytes: 1 }, 'slow')
})

t.test('what runs for a row that has ended is stopped, and nothing else', async (t) => {
  const node = nodeWith([
    workbenchJob({ id: 'killed', state: 'Killed' }),
    workbenchJob({ id: 'others', node: 'n2', state: 'Running', submittedAt: new Date() }),
  ])
  const tags = (id: string) => ['atelier-job:c', `workbench-job:${id}`]
  const young = new Date().toISOString()
  for (const [id, submissionTime] of [
    ['killed', '2026-01-01T00:00:00Z'],
    ['others', '2026-01-01T00:00:00Z'],
    ['gone', '2026-01-01T00:00:00Z'],
    ['young', young],
  ] as const) {
    node.launcher.jobs.set(id, launcherJob({ id, tags: tags(id), submissionTime }))
  }
  await node.task.activate(node.signal)
  await node.task.activate(node.signal)
  t.same(node.launcher.controls, ['stop killed', 'stop gone'])
  for (const id of ['killed', 'gone']) node.launcher.end(id, { status: 'Killed', exitCode: 137 })
  await node.task.activate(node.signal)
  t.ok([...node.launcher.jobs.values()].some(({ status }) => !isFinalStatus(status)))
  t.equal(node.launcher.controls.length, 2)
})
