import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { JobRuns, NO_LOOK } from '../../src/jobs/job-runs.ts'
import type { Job, JobQuery, JobSpec } from '../../src/launcher/job.ts'
import { launcherJob, workbenchJob } from '../fixtures/job.ts'

/** A Launcher with a cluster Local, which is the default one, and a cluster Slurm. */
function launcherOf(jobs: Job[], away: readonly string[] = []) {
  const asked: string[] = []
  const submitted: { spec: JobSpec; key: string }[] = []
  return {
    asked,
    submitted,
    async find({ cluster = 'Local', tags = [], statuses = [] }: JobQuery) {
      asked.push(`find ${cluster} ${tags.join(' ')}`)
      if (away.includes(cluster)) throw new AtelierError('LAUNCHER_UNAVAILABLE')
      const found = jobs.filter(
        (job) =>
          (cluster === '*' || job.cluster === cluster) &&
          !away.includes(job.cluster) &&
          tags.every((tag) => job.tags.includes(tag)) &&
          (statuses.length === 0 || statuses.includes(job.status)),
      )
      return { jobs: found, unavailable: away }
    },
    async get(id: string) {
      asked.push(`get ${id}`)
      return jobs.find((job) => job.id === id)
    },
    async status() {
      const clusters = [
        { name: 'Local', isDefault: true },
        { name: 'Slurm', isDefault: false },
      ]
      return { status: 'green', uptimeSeconds: 1, clusters } as never
    },
    async control() {},
    async submit(spec: JobSpec, key: string) {
      submitted.push({ spec, key })
      return launcherJob()
    },
  }
}

function runsOf(launcher: ReturnType<typeof launcherOf>): JobRuns {
  const commandOf = async () => ({
    exe: '/bin/sh',
    args: ['fit.sh'],
    environment: { A: '1' },
    workingDirectory: '/home/ann',
  })
  return new JobRuns({ launcher, commandOf, cluster: 'c1', keptOutput: () => 1000 })
}

const tags = (id: string, cluster = 'c1') => [`atelier-job:${cluster}`, `workbench-job:${id}`]
const handed = { submittedAt: new Date() }

t.test('jobs are found in every Launcher cluster', async (t) => {
  const local = launcherJob({ id: '1', tags: tags('a') })
  const remote = launcherJob({ id: 'Slurm:1', cluster: 'Slurm', tags: tags('b') })
  const foreign = launcherJob({ id: '2', tags: tags('c', 'another') })
  const launcher = launcherOf([local, remote, foreign])
  const runs = runsOf(launcher)
  const look = await runs.look()
  t.same(
    look.active.map(({ id }) => id),
    ['a', 'b'],
  )
  t.equal(await runs.see(workbenchJob({ id: 'a', ...handed }), look), local)
  t.equal(await runs.see(workbenchJob({ id: 'b', cluster: 'Slurm', ...handed }), look), remote)
  t.same(launcher.asked, ['find * atelier-job:c1'], 'one question for all that run')
})

t.test('one that has ended is asked for by its id, or found by its tags', async (t) => {
  const ended = { status: 'Finished', exitCode: 0 } as const
  const launcher = launcherOf([
    launcherJob({ id: '1', tags: tags('a'), ...ended }),
    launcherJob({ id: 'Slurm:2', cluster: 'Slurm', tags: tags('b'), ...ended }),
  ])
  const runs = runsOf(launcher)
  const look = await runs.look()
  t.match(await runs.see(workbenchJob({ id: 'a', jobId: '1', ...handed }), look), { id: '1' })
  const unknown = workbenchJob({ id: 'b', cluster: 'Slurm', ...handed })
  t.match(await runs.see(unknown, look), { id: 'Slurm:2' })
  t.equal(await runs.see(workbenchJob({ id: 'x', ...handed }), look), 'none')
  t.equal(await runs.see(workbenchJob({ id: 'x', jobId: '9', ...handed }), look), 'none')
})

t.test('of a cluster that does not answer nothing is known', async (t) => {
  const remote = launcherJob({ id: 'Slurm:1', cluster: 'Slurm', tags: tags('b') })
  const runs = runsOf(launcherOf([remote], ['Slurm']))
  const look = await runs.look()
  const job = workbenchJob({ id: 'b', cluster: 'Slurm', jobId: 'Slurm:1', ...handed })
  t.equal(await runs.see(job, look), 'unknown')
  t.equal(look.answersFor(workbenchJob()), true, 'the default cluster answers')
  t.equal(look.answersFor(workbenchJob({ cluster: 'Gone' })), false, 'one that is no more does not')
  t.equal(await runs.see(workbenchJob(handed), NO_LOOK), 'unknown')
})

t.test('a question that fails says nothing of the job', async (t) => {
  const launcher = launcherOf([])
  const runs = runsOf(launcher)
  const look = await runs.look()
  launcher.get = async () => {
    throw new AtelierError('LAUNCHER_UNAVAILABLE')
  }
  t.equal(await runs.see(workbenchJob({ jobId: '1', ...handed }), look), 'unknown')
})

t.test('a job is submitted with its limits, and by a key of its epoch', async (t) => {
  const launcher = launcherOf([])
  await runsOf(launcher).submit(
    workbenchJob({
      id: 'a',
      epoch: 3,
      cluster: 'Slurm',
      profile: 'large',
      limits: { cpus: 2, memoryBytes: 2 ** 30, processes: null, openFiles: null, nice: null },
    }),
  )
  t.match(launcher.submitted, [
    {
      key: 'job.a.3',
      spec: {
        user: 'ann',
        cluster: 'Slurm',
        exe: '/bin/sh',
        tags: ['atelier-job:c1', 'workbench-job:a', 'epoch:3'],
        resourceProfile: 'large',
        resourceLimits: [
          { type: 'cpuCount', value: '2' },
          { type: 'memory', value: '1024' },
        ],
      },
    },
  ])
})
