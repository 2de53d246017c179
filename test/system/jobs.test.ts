import t from 'tap'
import type { JobJson } from '../../src/control/job-json.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster } from '../fixtures/cluster.ts'
import { untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { JobScripts, submit, untilJob } from '../fixtures/jobs.ts'

t.test('jobs on two nodes', async (t) => {
  const limits = { '*': { jobs: 2, jobs_waiting: 3 } }
  const cluster = await startTestCluster(t, { nodes: 2, settings: { limits } })
  const [one, two] = cluster.nodes
  if (one === undefined || two === undefined) throw new Error('there are two')
  const user = await cluster.signIn(one)
  const other = user.at(two.address)
  await untilAllSeeAll(user, cluster)
  const scripts = await JobScripts.in(await dataDirectory(t))

  await t.test('one is submitted at one node and read at the other', async (t) => {
    const script = await scripts.write('fit.sh', 'echo hello; exit 3')
    const job = await submit(user, { script, environment: { SECRET: 'x' }, args: ['--n', '3'] })
    t.match(job, { state: 'Pending', name: 'fit.sh', kind: 'shell', environmentNames: ['SECRET'] })
    const ended = await untilJob(other, job.id, { state: 'Finished' })
    t.match(ended, { exitCode: 3, reason: 'It ended with exit code 3.', args: ['--n', '3'] })
    t.ok(ended.startedAt && ended.endedAt)
    t.equal(await scripts.runs(script), 1)
    const { body } = await other.ask<{ items: JobJson[] }>(
      'GET',
      '/api/v1/jobs?q=FIT&state=Finished',
    )
    t.same(
      body.items.map(({ id }) => id),
      [job.id],
    )
  })
})
