import t from 'tap'
import type { JobChanges } from '../../src/jobs/job-store.ts'
import { JOB_KINDS, JOB_STATES, type WorkbenchJob } from '../../src/jobs/workbench-job.ts'
import { PostgresJobStore } from '../../src/postgres/job-store.ts'
import { PostgresNodeStore } from '../../src/postgres/node-store.ts'
import { database, migrated } from '../fixtures/database.ts'
import { newJob } from '../fixtures/job.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresJobStore({ database: db })
const nodes = new PostgresNodeStore({ database: db })

async function node(name: string): Promise<void> {
  await nodes.register({
    name,
    installation: name,
    bootId: 'boot',
    url: 'http://localhost:1',
    gossipAddress: null,
    version: '1',
    lease: 60_000,
  })
}

async function loseNode(name: string): Promise<void> {
  await db.query('update atelier.nodes set lost_at = now() where name = $1', [name])
}

t.test('a new job is Pending and is read as it was written', async (t) => {
  const wanted = newJob({
    id: 'new',
    name: 'Fit "it"',
    args: ['--n', '3', 'ü\n'],
    environment: { SECRET: 'x', EMPTY: '' },
    workingDirectory: '/tmp',
    python: '/opt/python',
    r: '/opt/R',
    cluster: 'Slurm',
    profile: 'large',
    limits: { cpus: 1.5, memoryBytes: 2 ** 40, processes: null, openFiles: null, nice: 3 },
    webhook: 'https://example.com/hook',
    session: 's1',
    schedule: 'nightly',
    tick: new Date('2026-01-02T03:04:05Z'),
  })
  const job = await store.insert(wanted)
  t.match(job, {
    ...wanted,
    desired: 'running',
    state: 'Pending',
    reason: null,
    epoch: 1,
    version: 1,
    submittedAt: null,
    jobId: null,
    outputBytes: null,
  })
  t.same(job.stateAt.getTime() - job.createdAt.getTime() < 1, true)
  t.same(await store.get('new'), job)
  t.same(await store.some(['new', 'unknown']), [job])
  t.equal(await store.get('unknown'), undefined)
  await t.rejects(store.insert(newJob({ id: 'new' })), { code: '23505' })
  await t.rejects(
    store.insert({ ...wanted, id: 'again' }),
    { code: '23505' },
    'a tick is there once',
  )
})

t.test('every kind and state can be stored, and every column that changes', async (t) => {
  for (const kind of JOB_KINDS) {
    t.equal((await store.insert(newJob({ id: `kind-${kind}`, kind }))).kind, kind)
  }
  let job = await store.insert(newJob({ id: 'changes' }))
  for (const state of JOB_STATES) {
    job = (await store.update('changes', job.version, { state })) ?? job
    t.equal(job.state, state)
  }
  const changes: Required<Omit<JobChanges, 'standsAside'>> = {
    desired: 'killed',
    state: 'Killed',
    reason: 'why\0',
    submittedAt: new Date(1),
    jobId: 'L1',
    host: 'h',
    exitCode: 137,
    startedAt: new Date(2),
    endedAt: new Date(3),
    cpuSeconds: 1.25,
    peakMemoryBytes: 2 ** 41,
    outputBytes: 2 ** 42,
    outputRemovedAt: new Date(4),
  }
  const changed = await store.update('changes', job.version, changes)
  t.match(changed, { ...changes, reason: 'why\uFFFD', version: job.version + 1 })
  t.equal(
    await store.update('changes', job.version, { reason: null }),
    undefined,
    'was changed since',
  )
})

t.test('a key submits one job of its user, however often it is sent at once', async (t) => {
  const once = { key: 'k', fingerprint: 'f' }
  const attempts = Array.from({ length: 8 }, (_, at) =>
    store.insertOnce(newJob({ id: `once-${at}`, user: 'kim' }), once, 1),
  )
  const made = (await Promise.all(attempts)).filter((job) => job !== undefined)
  t.equal(made.length, 1)
  t.same(await store.submittedWith('kim', 'k'), { job: made[0], fingerprint: 'f' })
  t.equal(await store.submittedWith('ann', 'k'), undefined)
  await db.query(`update atelier.jobs set created_at = now() - interval '25 hours' where id = $1`, [
    made[0]?.id,
  ])
  t.equal(await store.submittedWith('kim', 'k'), undefined, 'after a day it is forgotten')
  t.match(await store.insertOnce(newJob({ id: 'later', user: 'kim' }), once), { id: 'later' })
})

t.test('no more jobs get in than may run and wait, of many at once not one too many', async (t) => {
  const attempts = Array.from({ length: 12 }, (_, at) =>
    store.insert(newJob({ id: `most-${at}`, user: 'max' }), 5).then(
      () => 'in',
      (error: { code?: string }) => error.code,
    ),
  )
  const outcomes = await Promise.all(attempts)
  t.equal(outcomes.filter((each) => each === 'in').length, 5)
  t.equal(outcomes.filter((each) => each === 'LIMIT_REACHED').length, 7)
  const [one] = await store.list({ user: 'max', limit: 1 })
  await store.update(one?.id ?? '', 1, { state: 'Canceled' })
  await store.insert(newJob({ id: 'most-again', user: 'max' }), 5)
  await t.rejects(store.insert(newJob({ id: 'none', user: 'zoe' }), 0), {
    code: 'LIMIT_REACHED',
    message: 'Your administrator allows you no jobs.',
  })
})

t.test('a job is handed over once, and only as it was read', async (t) => {
  await store.insert(newJob({ id: 'hand', user: 'hal' }))
  const attempts = Array.from({ length: 6 }, () => store.handOver('hand', 1, null))
  const handed = (await Promise.all(attempts)).filter((each) => each !== undefined)
  t.equal(handed.length, 1)
  t.match(handed[0], { version: 2, submittedAt: Date, state: 'Pending' })
  t.equal(await store.handOver('hand', 2, null), undefined, 'it is handed over already')
  await store.insert(newJob({ id: 'stopped', user: 'hal' }))
  await store.update('stopped', 1, { desired: 'stopped', state: 'Canceled' })
  t.equal(await store.handOver('stopped', 2, null), undefined)
})

t.test('of several hand-overs at once not one more gets through than may run', async (t) => {
  for (let at = 0; at < 8; at++) await store.insert(newJob({ id: `turn-${at}`, user: 'uma' }))
  const ids = Array.from({ length: 8 }, (_, at) => `turn-${7 - at}`)
  // Each is tried again as long as it waits, in the worst order.
  const outcomes = new Map<string, unknown>()
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(ids.map((id) => store.handOver(id, 1, 3)))
    for (const [at, id] of ids.entries())
      if (answers[at] !== undefined) outcomes.set(id, answers[at])
  }
  const handed = ids.filter((id) => outcomes.get(id) !== 'waits')
  t.same(handed.sort(), ['turn-0', 'turn-1', 'turn-2'], 'those that were submitted first')
})

t.test(
  'those that wait start in their order, but one that cannot start lets others go first',
  async (t) => {
    for (const id of ['w1', 'w2', 'w3']) await store.insert(newJob({ id, user: 'wu' }))
    t.equal(await store.handOver('w2', 1, 1), 'waits', 'an older one comes first')
    await store.update('w1', 1, { standsAside: true, reason: 'The Launcher is away.' })
    t.equal(await store.handOver('w3', 1, 1), 'waits')
    t.match(await store.handOver('w2', 1, 1), { id: 'w2', version: 2 })
    t.equal(await store.handOver('w1', 2, 1), 'waits')
    await store.update('w2', 2, { state: 'Lost' })
    t.equal(await store.handOver('w1', 2, 1), 'waits', 'one that is lost may still run')
    await store.update('w2', 3, { state: 'Finished' })
    t.match(await store.handOver('w1', 2, 1), { id: 'w1', reason: null })
  },
)

t.test('a job goes to another node only as long as it was not handed over', async (t) => {
  await node('m1')
  await node('m2')
  await store.insert(newJob({ id: 'move', node: 'm1' }))
  t.match(await store.move('move', 1, 'm2'), { node: 'm2', epoch: 2, version: 2 })
  t.equal(await store.move('move', 1, 'm1'), undefined)
  await nodes.setDraining('m1', true)
  await t.rejects(store.move('move', 2, 'm1'), { code: 'NO_NODE' })
  await t.rejects(store.insert(newJob({ id: 'closed', node: 'm1' })), { code: 'NO_NODE' })
  const [moved, handed] = await Promise.all([
    store.move('move', 2, 'm2'),
    store.handOver('move', 2, null),
  ])
  t.equal([moved, handed].filter((each) => each !== undefined).length, 1)
  const now = await store.get('move')
  if (now?.submittedAt === null) await store.handOver('move', now.version, null)
  const after = await store.get('move')
  t.equal(await store.move('move', after?.version ?? 0, 'm2'), undefined, 'handed over, it stays')
})

t.test('of a lost node those are lost that were handed over', async (t) => {
  await node('lost')
  const states = {
    pending: 'Pending',
    running: 'Running',
    suspended: 'Suspended',
    done: 'Finished',
  } as const
  for (const [id, state] of Object.entries(states)) {
    await store.insert(newJob({ id: `lose-${id}`, node: 'lost' }))
    await store.handOver(`lose-${id}`, 1, null)
    await store.update(`lose-${id}`, 2, { state })
  }
  await store.insert(newJob({ id: 'lose-waiting', node: 'lost' }))
  await store.update('lose-suspended', 3, { desired: 'stopped' })
  t.same(await store.lose('lost'), [], 'it has not been given up')
  await loseNode('lost')
  const lost = await store.lose('lost')
  t.same(Object.fromEntries(lost.map(({ id, state }) => [id, state])), {
    'lose-pending': 'Lost',
    'lose-running': 'Lost',
    'lose-suspended': 'Killed',
  })
  t.ok(lost.find(({ state }) => state === 'Killed')?.endedAt)
  t.same(await store.lose('lost'), [])
  t.equal((await store.get('lose-waiting'))?.state, 'Pending')
})

t.test('the living ones are those that have not ended, oldest first', async (t) => {
  const ids = ['live-1', 'live-2', 'live-3', 'live-4']
  for (const id of ids) await store.insert(newJob({ id, node: 'home' }))
  await store.update('live-2', 1, { state: 'Failed' })
  await store.update('live-3', 1, { state: 'Lost' })
  t.same(
    (await store.living('home')).map(({ id }) => id),
    ['live-1', 'live-3', 'live-4'],
  )
  const all = await store.living()
  t.ok(all.length > 3 && all.some(({ node: at }) => at !== 'home'))
})

t.test('lists', async (t) => {
  const made: WorkbenchJob[] = []
  for (let at = 0; at < 7; at++) {
    const id = `list-${at}`
    const job = await store.insert(
      newJob({
        id,
        user: 'lis',
        name: `Name ${at}`,
        script: `/home/lis/Fit_${at}.sh`,
        cluster: at % 2 === 0 ? 'Slurm' : null,
        node: at < 3 ? 'l1' : 'l2',
        schedule: at === 6 ? 'weekly' : null,
      }),
    )
    made.push(job)
  }
  await store.update('list-1', 1, { state: 'Finished' })
  await store.update('list-2', 1, { state: 'Failed' })
  const ids = async (query: Partial<Parameters<typeof store.list>[0]>) =>
    (await store.list({ user: 'lis', limit: 100, ...query })).map(({ id }) => id.slice(5)).join('')
  t.equal(await ids({}), '6543210')
  t.equal(await ids({ limit: 2 }), '65')
  const [, after] = await store.list({ user: 'lis', limit: 2 })
  t.equal(await ids({ after }), '43210')
  t.equal(await ids({ states: ['Finished', 'Failed'] }), '21')
  t.equal(await ids({ cluster: 'Slurm' }), '6420')
  t.equal(await ids({ node: 'l1' }), '210')
  t.equal(await ids({ schedule: 'weekly' }), '6')
  t.equal(await ids({ text: 'fit_3' }), '3')
  t.equal(await ids({ text: 'NAME 4' }), '4')
  t.equal(await ids({ text: 'LIST-5' }), '5')
  t.equal(await ids({ text: '%' }), '', 'it is text and no pattern')
  t.equal(
    await ids({ createdFrom: made[5]?.createdAt, states: ['Pending'], node: 'l2' }).then((all) =>
      all.includes('65'),
    ),
    true,
  )
  t.equal(await ids({ createdBefore: made[1]?.createdAt }), '0')
  t.equal((await store.list({ user: 'nobody', limit: 1 })).length, 0)
  t.ok(
    (await store.list({ limit: 100 })).some(({ user }) => user !== 'lis'),
    'of everybody',
  )
})

t.test(
  'a page begins where the one before ended, also among jobs of the same moment',
  async (t) => {
    const at = new Date('2026-02-01T00:00:00.123Z')
    for (const id of ['same-a', 'same-b', 'same-c']) {
      await store.insert(newJob({ id, user: 'sam' }))
      await db.query('update atelier.jobs set created_at = $2 where id = $1', [id, at])
    }
    const first = await store.list({ user: 'sam', limit: 2 })
    const rest = await store.list({ user: 'sam', limit: 2, after: first[1] })
    t.same(
      [...first, ...rest].map(({ id }) => id),
      ['same-c', 'same-b', 'same-a'],
    )
  },
)
