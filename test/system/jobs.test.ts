import t from 'tap'
import type { JobJson } from '../../src/control/job-json.ts'
import { NO_SERVER, turnSentence } from '../../src/jobs/job-sentences.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster, type TestNode } from '../fixtures/cluster.ts'
import { nodeStates, untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { jobNow, JobScripts, submit, untilJob } from '../fixtures/jobs.ts'
import { until } from '../fixtures/until.ts'

t.test('jobs on two nodes', async (t) => {
  const limits = { '*': { jobs: 2, jobs_waiting: 3 } }
  const sessions = { stop_timeout_seconds: 5 }
  const settings = { limits, sessions, cluster: { lease_seconds: 5 } }
  const cluster = await startTestCluster(t, { nodes: 2, settings })
  const [one, two] = cluster.nodes
  if (one === undefined || two === undefined) throw new Error('there are two')
  const user = await cluster.signIn(one)
  const other = user.at(two.address)
  await untilAllSeeAll(user, cluster)
  const scripts = await JobScripts.in(await dataDirectory(t))
  const nodeOf = ({ node }: Pick<JobJson, 'node'>): TestNode => (node === one.name ? one : two)
  const drain = (node: string, verb = 'drain') => user.ask('POST', `/api/v1/nodes/${node}/${verb}`)

  await t.test('one is submitted at one node and read at the other', async (t) => {
    const script = await scripts.write('fit.sh', 'echo "$SECRET" "$@" > $0.said; exit 3')
    const job = await submit(user, { script, environment: { SECRET: 'x y' }, args: ['--n', 'a b'] })
    t.match(job, { state: 'Pending', name: 'fit.sh', kind: 'shell', environmentNames: ['SECRET'] })
    t.notMatch(JSON.stringify(job), 'x y', 'what a variable holds is not told')
    const ended = await untilJob(other, job.id, { state: 'Finished' })
    t.match(ended, { exitCode: 3, reason: 'It ended with exit code 3.', args: ['--n', 'a b'] })
    t.ok(ended.startedAt && ended.endedAt)
    t.equal(await scripts.runs(script), 1)
    const list = '/api/v1/jobs?q=FIT&state=Finished'
    const { body } = await other.ask<{ items: JobJson[] }>('GET', list)
    t.same(
      body.items.map(({ id }) => id),
      [job.id],
    )

    const again = await other.ask<JobJson>('POST', `/api/v1/jobs/${job.id}/run-again`)
    t.equal(again.status, 201)
    t.not(again.body.id, job.id)
    await untilJob(user, again.body.id, { state: 'Finished', exitCode: 3 })
    t.equal(await scripts.runs(script), 2)
    t.equal(await scripts.said(script), 'x y --n a b\n', 'with all that the first was given')
  })

  await t.test('a request that is repeated with its key is the same job', async (t) => {
    const script = await scripts.write('once.sh', 'exit 0')
    const send = (at: typeof user, body: object) =>
      at.fetch('/api/v1/jobs', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
        body: JSON.stringify(body),
      })
    const first = await send(user, { script })
    const second = await send(other, { script })
    t.same([first.status, second.status], [201, 201])
    t.equal(second.headers.get('idempotency-replayed'), 'true')
    const { id } = (await first.json()) as JobJson
    t.equal(((await second.json()) as JobJson).id, id)
    t.equal((await send(user, { script, args: ['more'] })).status, 422)
    await untilJob(user, id, { state: 'Finished', exitCode: 0 })
    t.equal(await scripts.runs(script), 1)
  })

  await t.test('what cannot be run is refused, and what fails says why', async (t) => {
    const refused: readonly (readonly [object, string])[] = [
      [{}, 'BAD_REQUEST'],
      [{ script: 'fit.sh' }, 'BAD_REQUEST'],
      [{ script: '/tmp/fit' }, 'BAD_REQUEST'],
      [{ script: '/tmp/fit.sh', cluster: 'Nowhere' }, 'CLUSTER_UNKNOWN'],
      [{ script: '/tmp/fit.sh', profile: 'none' }, 'PROFILE_UNKNOWN'],
    ]
    for (const [body, code] of refused) {
      t.match((await user.ask('POST', '/api/v1/jobs', body)).body, { error: { code } }, code)
    }
    const missing = await submit(user, { script: '/nowhere/fit.sh', workingDirectory: '/tmp' })
    const ended = await untilJob(user, missing.id, { state: 'Finished' })
    t.match(ended, { exitCode: 127, reason: /exit code 127/ })
    for (const path of ['jobs/none', 'jobs/none/stop', 'jobs/none/run-again']) {
      const { body } = await user.ask(path === 'jobs/none' ? 'GET' : 'POST', `/api/v1/${path}`)
      t.match(body, { error: { code: 'JOB_NOT_FOUND' } })
    }
  })

  await t.test('as many run as may, and the others start in their order', async (t) => {
    const files: string[] = []
    for (let at = 0; at < 5; at++) files.push(await scripts.held(`queue-${at}.sh`))
    const jobs: JobJson[] = []
    for (const [at, script] of files.entries()) {
      jobs.push(await submit(at % 2 === 0 ? user : other, { script }))
    }
    t.same(new Set(jobs.map(({ node }) => node)).size, 2, 'they are spread')
    const ids = jobs.map(({ id }) => id)
    for (const id of ids.slice(0, 2)) await untilJob(user, id, { state: 'Running' })
    for (const id of ids.slice(2)) {
      await untilJob(other, id, { state: 'Pending', reason: turnSentence(2) })
    }
    const refused = await user.ask('POST', '/api/v1/jobs', { script: files[0] })
    t.match(refused, { status: 409, body: { error: { code: 'LIMIT_REACHED' } } })
    for (const [at, next] of [
      [1, 2],
      [0, 3],
      [2, 4],
    ] as const) {
      await scripts.release(files[at] ?? '')
      await untilJob(user, ids[at] ?? '', { state: 'Finished' })
      await untilJob(user, ids[next] ?? '', { state: 'Running', reason: null })
      const later = await Promise.all(ids.slice(next + 1).map((id) => jobNow(user, id)))
      for (const { state } of later) t.equal(state, 'Pending', 'those after it wait on')
    }
    for (const file of files) await scripts.release(file)
    for (const id of ids) await untilJob(user, id, { state: 'Finished', exitCode: 0 })
    for (const file of files) t.equal(await scripts.runs(file), 1)
  })

  await t.test('a job is stopped as it deserves', async (t) => {
    const stop = (id: string, force = false) =>
      other.ask<JobJson>('POST', `/api/v1/jobs/${id}/stop`, { force })
    const gentle = await submit(user, { script: await scripts.held('gentle.sh') })
    const deaf = await submit(user, {
      script: await scripts.write('deaf.sh', `trap '' TERM; while :; do sleep 0.1; done`),
    })
    const waiting = await submit(user, { script: await scripts.held('waiting.sh') })
    for (const { id } of [gentle, deaf]) await untilJob(user, id, { state: 'Running' })
    const canceled = await stop(waiting.id)
    t.match(canceled, { status: 202, body: { state: 'Canceled', desired: 'stopped' } })
    t.match(canceled.body.reason, 'Its owner asked it to stop.')
    await until(() => scripts.runs(`${scripts.directory}/deaf.sh`))
    t.match(await stop(gentle.id), { status: 202, body: { desired: 'stopped' } })
    const ended = await untilJob(user, gentle.id, { state: 'Finished' })
    t.match(ended, { exitCode: 143, reason: 'Its owner asked it to stop.' })
    await stop(deaf.id)
    t.match(await untilJob(user, deaf.id, { state: 'Killed' }), { exitCode: 137 })
    const forced = await submit(user, { script: await scripts.held('forced.sh') })
    await untilJob(user, forced.id, { state: 'Running' })
    t.match(await stop(forced.id, true), { status: 202, body: { desired: 'killed' } })
    await untilJob(user, forced.id, { state: 'Killed' })
    t.match((await stop(forced.id)).body, { state: 'Killed' }, 'one that has ended stays as it is')
    t.equal(await scripts.runs(`${scripts.directory}/waiting.sh`), 0)
  })

  await t.test('its changes are told at whichever node', async (t) => {
    const gone = new AbortController()
    const { body } = await other.fetch('/api/v1/events', { signal: gone.signal })
    const text = body?.pipeThrough(new TextDecoderStream())
    const told: JobJson[] = []
    const reading = (async () => {
      let rest = ''
      for await (const piece of text ?? []) {
        const parts = (rest + piece).split('\n\n')
        rest = parts.pop() ?? ''
        for (const part of parts) {
          const data = /^event: job\ndata: (.*)$/s.exec(part)?.[1]
          if (data !== undefined) told.push(JSON.parse(data) as JobJson)
        }
      }
    })().catch(() => undefined)
    const script = await scripts.held('told.sh')
    const { id } = await submit(user, { script })
    const seen = (state: string) => told.some((job) => job.id === id && job.state === state)
    await until(() => seen('Running'))
    await scripts.release(script)
    await until(() => seen('Finished'))
    gone.abort()
    await reading
    t.ok(told.every((job, at) => told.slice(0, at).every(({ version }) => version <= job.version)))
  })

  await t.test('a node that is drained gives those away that wait', async (t) => {
    const files: string[] = []
    for (let at = 0; at < 5; at++) files.push(await scripts.held(`drain-${at}.sh`))
    const jobs: JobJson[] = []
    for (const script of files) jobs.push(await submit(user, { script }))
    for (const { id } of jobs.slice(0, 2)) await untilJob(user, id, { state: 'Running' })
    await drain(two.name)
    for (const { id } of jobs.slice(2)) {
      await untilJob(user, id, { node: one.name, reason: turnSentence(2) })
    }
    for (const { id, node } of jobs.slice(0, 2))
      t.match(await jobNow(user, id), { state: 'Running', node })
    await drain(one.name)
    for (const { id } of jobs.slice(2)) await untilJob(user, id, { reason: NO_SERVER })
    t.match((await user.ask('POST', '/api/v1/jobs', { script: files[0] })).body, {
      error: { code: /NO_NODE|LIMIT_REACHED/ },
    })
    for (const file of files) await scripts.release(file)
    for (const { id } of jobs.slice(0, 2)) await untilJob(user, id, { state: 'Finished' })
    for (const { id } of jobs.slice(2)) t.match(await jobNow(user, id), { state: 'Pending' })
    await drain(two.name, 'undrain')
    for (const { id } of jobs.slice(2)) {
      await untilJob(user, id, { state: 'Finished', node: two.name })
    }
    await drain(one.name, 'undrain')
    for (const file of files) t.equal(await scripts.runs(file), 1)
    const quick = await scripts.write('quick.sh', 'exit 0')
    await until(async () => {
      const { id, node } = await submit(user, { script: quick })
      await untilJob(user, id, { state: 'Finished' })
      return node === one.name
    })
  })

  await t.test('of a node that is lost the jobs are lost, and found again', async (t) => {
    const files: string[] = []
    for (let at = 0; at < 4; at++) files.push(await scripts.held(`lost-${at}.sh`, at))
    const jobs: JobJson[] = []
    for (const script of files) jobs.push(await submit(user, { script }))
    const [first, second, ...waiting] = jobs
    if (first === undefined || second === undefined) throw new Error('there are four')
    for (const { id } of [first, second]) await untilJob(user, id, { state: 'Running' })
    t.not(first.node, second.node)
    const victim = nodeOf(first)
    const survivor = victim === one ? two : one
    const by = user.at(survivor.address)
    await victim.kill()
    const lost = await untilJob(by, first.id, { state: 'Lost' })
    t.match(lost, { reason: /^Its server node-\d is lost\./, reachable: false })
    for (const { id } of waiting) await untilJob(by, id, { node: survivor.name })
    t.match(await jobNow(by, second.id), { state: 'Running' })
    for (const file of files) await scripts.release(file)
    for (const { id } of [second, ...waiting]) await untilJob(by, id, { state: 'Finished' })
    t.match(await jobNow(by, first.id), { state: 'Lost' }, 'nobody knows how it has ended')
    await victim.start()
    await until(async () => (await nodeStates(by))[victim.name] === 'alive')
    await untilJob(by, first.id, { state: 'Finished', exitCode: 0, reason: null })
    for (const file of files) t.equal(await scripts.runs(file), 1)
  })

  await t.test('one that is stopped while it is lost ends when its server is back', async (t) => {
    const script = await scripts.held('stopped-lost.sh')
    // One of them was started again, at another port.
    const job = await submit(user.at(one.address), { script })
    const victim = nodeOf(job)
    const by = user.at((victim === one ? two : one).address)
    await untilJob(by, job.id, { state: 'Running' })
    await victim.kill()
    await untilJob(by, job.id, { state: 'Lost' })
    const { body } = await by.ask<JobJson>('POST', `/api/v1/jobs/${job.id}/stop`)
    t.match(body, { state: 'Killed', reason: 'Stopped by its owner while its server was lost.' })
    await victim.start()
    const isEnded = async () => (await scripts.pids(script)).length === 0
    await until(isEnded)
  })
})
