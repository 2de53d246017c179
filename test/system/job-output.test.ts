import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { JobJson } from '../../src/control/job-json.ts'
import type { ApiUser } from '../fixtures/api.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster, type TestCluster, type TestNode } from '../fixtures/cluster.ts'
import { untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { followToEnd } from '../fixtures/job-output.ts'
import { JobScripts, submit, untilJob } from '../fixtures/jobs.ts'
import { until } from '../fixtures/until.ts'

const run = promisify(execFile)
const MIB = 1_048_576
/** Prints 100 MiB and some more in 20 parts, with characters of each length. */
const LINES = `part() { seq $(($1 * 100000 + 1)) $((($1 + 1) * 100000)) | awk '{ printf "line %09d é € 😀 and what else it has to say\\n", $1 }'; }`

const linesOf = (body: { lines: readonly { text: string }[] }) => body.lines.map(({ text }) => text)

async function sha256(answer: Response): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of answer.body ?? []) hash.update(bytes as Uint8Array)
  return hash.digest('hex')
}

/** The node of a job, and one that is not. */
function nodesOf(cluster: TestCluster, { node }: JobJson): { own: TestNode; other: TestNode } {
  const own = cluster.nodes.find(({ name }) => name === node)
  const other = cluster.nodes.find(({ name }) => name !== node)
  if (own === undefined || other === undefined) throw new Error('there are two nodes')
  return { own, other }
}

t.test('100 MiB are stored whole and told live although the node is killed', async (t) => {
  const directory = await dataDirectory(t)
  const jobs = { directory: join(directory, 'job-output'), shared: true }
  const cluster = await startTestCluster(t, { nodes: 2, settings: { jobs } })
  const [one] = cluster.nodes
  if (one === undefined) throw new Error('there is one')
  const user = await cluster.signIn(one)
  await untilAllSeeAll(user, cluster)
  const scripts = await JobScripts.in(directory)
  const print = `${LINES}\nfor at in $(seq 0 19); do part $at; sleep 0.2; done`
  const expected = createHash('sha256')
  let bytes = 0
  const printed = await run('bash', ['-c', print], { maxBuffer: 200 * MIB, encoding: 'buffer' })
  expected.update(printed.stdout)
  bytes = printed.stdout.length
  const sum = expected.digest('hex')
  t.ok(bytes > 100 * MIB, `${bytes} bytes`)

  const script = await scripts.write('print.sh', print)
  const job = await submit(user, { script })
  const { own, other } = nodesOf(cluster, job)
  const told = createHash('sha256')
  let seen = 0
  const following = followToEnd(
    () => user.at(own.address),
    job.id,
    (text, total) => {
      told.update(text)
      seen = total
    },
  )
  for (const part of [0.2, 0.5]) {
    await until(() => seen > part * bytes, 120_000)
    await own.kill()
    await own.start()
  }
  const { breaks } = await following
  t.ok(breaks >= 2, `the stream broke off ${breaks} times`)
  t.equal(seen, bytes, 'as many bytes were told')
  t.equal(told.digest('hex'), sum, 'each once')
  const ended = await untilJob(user.at(own.address), job.id, { state: 'Finished' })
  t.match(ended, { outputBytes: bytes, exitCode: 0 })
  t.equal(await scripts.runs(script), 1)

  const path = `/api/v1/jobs/${job.id}`
  await own.die()
  const left = user.at(other.address)
  t.equal(await sha256(await left.fetch(`${path}/output`)), sum, 'another node has all of it')
  const { body } = await left.ask<{ lines: { text: string }[]; total: number }>(
    'GET',
    `${path}/lines?from=1234567&count=1`,
  )
  t.equal(body.total, 2_000_000)
  t.strictSame(linesOf(body), ['line 001234568 é € 😀 and what else it has to say'])
})

t.test('what another node keeps is asked there', async (t) => {
  const jobs = { output_limit_mib: 1 }
  const cluster = await startTestCluster(t, { nodes: 2, settings: { jobs } })
  const [one] = cluster.nodes
  if (one === undefined) throw new Error('there is one')
  const user = await cluster.signIn(one)
  await untilAllSeeAll(user, cluster)
  const scripts = await JobScripts.in(await dataDirectory(t))
  const script = await scripts.write(
    'say.sh',
    `echo one; echo 'zwei Äpfel' >&2; head -c 20000 /dev/zero | tr '\\0' x; echo; echo last`,
  )
  const job = await submit(user, { script, name: '../Größe "1"\n' })
  const { own, other } = nodesOf(cluster, job)
  const there = user.at(other.address)
  await untilJob(there, job.id, { state: 'Finished' })
  const path = `/api/v1/jobs/${job.id}`
  await readsAll(t, there, path)

  const answer = await there.fetch(`${path}/output?download=true&from=4`)
  t.equal(answer.headers.get('content-disposition'), `attachment; filename="Gro-e-1-${job.id}.txt"`)
  const whole = Buffer.from(await (await there.fetch(`${path}/output`)).arrayBuffer())
  t.equal(await answer.text(), whole.subarray(4).toString())
  t.match(await there.ask('GET', '/api/v1/jobs/nosuchjob000/lines'), {
    status: 404,
    body: { error: { code: 'JOB_NOT_FOUND' } },
  })

  const held = await scripts.held('held.sh')
  const used = await submit(user, { script: held })
  await until(async () => {
    const { body } = await there.ask<{ samples: unknown[] }>('GET', `/api/v1/jobs/${used.id}/usage`)
    return body.samples.length > 0
  })
  await scripts.release(held)
  const { cpuSeconds, peakMemoryBytes } = await untilJob(user, used.id, { state: 'Finished' })
  t.ok(
    cpuSeconds !== null && (peakMemoryBytes ?? 0) > 0,
    `${cpuSeconds} s, ${peakMemoryBytes} bytes`,
  )

  const long = await scripts.write('long.sh', `seq 300000`)
  const longer = await submit(user, { script: long })
  const ended = await untilJob(user, longer.id, { state: 'Finished' })
  const kept = await (await user.fetch(`/api/v1/jobs/${longer.id}/output`)).text()
  t.match(kept, /^1\n2\n3\n/)
  t.match(kept, /only the first 1 MiB are kept \(jobs\.output_limit_mib\) …\]\n$/)
  t.equal(ended.outputBytes, Buffer.byteLength(kept))
  t.ok(kept.length < MIB + 200)

  await own.die()
  const refused = await until(async () => {
    const told = await there.ask<{ error: { code: string; message: string } }>(
      'GET',
      `${path}/lines`,
    )
    return told.status === 503 ? told : undefined
  })
  t.match(refused.body.error, { code: 'NODE_UNREACHABLE', message: /keeps what this job prints/ })
  t.match(await there.ask('GET', path), { status: 200 }, 'the job itself is known')
})

async function readsAll(t: Tap, user: ApiUser, path: string): Promise<void> {
  const { body } = await user.ask<{
    lines: { text: string; type: string }[]
    total: number
    complete: boolean
  }>('GET', `${path}/lines`)
  t.match(body, { complete: true, total: 6 })
  t.ok(body.lines.some(({ text, type }) => text === 'zwei Äpfel' && type === 'stderr'))
  t.ok(body.lines.some(({ text, type }) => text === 'last' && type === 'stdout'))
  const found = await user.ask('GET', `${path}/search?text=${encodeURIComponent('ÄPFEL')}`)
  t.match(found.body, { matches: [{ text: 'zwei Äpfel' }], next: null })
  const none = await user.ask('GET', `${path}/search?case=true&text=${encodeURIComponent('ÄPFEL')}`)
  t.match(none.body, { matches: [], next: null })
  let text = ''
  await followToEnd(
    () => user,
    path.split('/').at(-1) ?? '',
    (piece) => (text += piece),
  )
  const whole = await (await user.fetch(`${path}/output`)).text()
  t.equal(text, whole)
  t.match(await user.ask('GET', `${path}/usage`), { status: 200 })
}

type Tap = Pick<typeof t, 'match' | 'ok' | 'equal'>
