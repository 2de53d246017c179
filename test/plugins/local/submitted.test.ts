import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { submittedJob } from '../../../src/launcher/protocol-schemas.ts'
import { Latencies } from '../../../src/plugins/local/latencies.ts'
import { detailsOf } from '../../../src/plugins/local/job-details.ts'
import { jobsAnswer, networkAnswer } from '../../../src/plugins/local/job-answers.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import { plainJobs } from './fixtures/plain-jobs.ts'
import { TrackingCgroups } from '../../../src/plugins/local/tracking-cgroups.ts'
import { LocalJobs } from '../../../src/plugins/local/jobs.ts'
import { parsePluginConfig, readPluginConfig } from '../../../src/plugins/local/plugin-config.ts'
import { submittedProgram } from '../../../src/plugins/local/submitted-command.ts'
import { refuseUnsupported } from '../../../src/plugins/local/unsupported.ts'
import { onlyFields, userOf } from '../../../src/plugins/local/wanted-jobs.ts'
import { ACCOUNT, shortDirectory, SILENT, until } from '../../launcher/fixtures/launcher-fixture.ts'

t.test('a job has either an exe or a command', async (t) => {
  const program = (job: object) => submittedProgram({ ...submittedJob.parse({}), ...job })
  t.same(program({ exe: '/bin/ls', args: ['-l'] }), { exe: '/bin/ls', args: ['-l'] })
  t.match(program({ command: 'ls' }), { exe: '/bin/sh', args: ['-c', 'ls'] })
  t.throws(() => program({}), { errorCode: 2, message: /neither/ })
  t.throws(() => program({ exe: '/bin/ls', command: 'ls' }), { errorCode: 2, message: /both/ })
})

t.test('what one machine does not have is refused, by its name', async (t) => {
  const refuse = (job: object) => () => refuseUnsupported(submittedJob.parse(job))
  t.doesNotThrow(refuse({}))
  t.throws(refuse({ container: { image: 'r' } }), { errorCode: 1, message: /without a container/ })
  t.throws(refuse({ mounts: [{ mountPath: '/data' }] }), { errorCode: 1, message: /mounts/ })
})

t.test('a job is of who asks, and nobody starts jobs of others', async (t) => {
  const job = (user: string) => submittedJob.parse({ user })
  t.equal(userOf({ username: 'alice', job: job('') }), 'alice')
  t.equal(userOf({ username: '*', job: job('bob') }), 'bob')
  t.throws(() => userOf({ username: '*', job: job('') }), { errorCode: 2, message: /no user/ })
  t.throws(() => userOf({ username: 'alice', job: job('bob') }), {
    errorCode: 2,
    message: /no jobs of bob/,
  })
})

t.test('secrets are no details of a job, and too much metadata is refused', async (t) => {
  const secret = { stdin: 'x', environment: [{ name: 'A', value: 'x' }] }
  const details = detailsOf(submittedJob.parse({ exe: '/bin/ls', instanceId: 'one', ...secret }))
  t.same(details, { exe: '/bin/ls', instanceId: 'one' })
  const metadata = { text: 'x'.repeat(70_000) }
  t.throws(() => detailsOf(submittedJob.parse({ metadata })), { errorCode: 2, message: /metadata/ })
})

t.test('a list of jobs with very long arguments can still be told', async (t) => {
  const state = {
    id: 'a',
    name: '',
    user: 'u',
    uid: 1,
    tags: [],
    status: 'Running' as const,
  }
  const rest = { statusMessage: '', exitCode: null, pid: null, killRequested: false }
  const times = { submissionTime: '', lastUpdateTime: '', resourceProfile: '', resourceLimits: [] }
  const record = { ...state, ...rest, ...times, details: { args: ['x'.repeat(100_000)] } }
  const many = jobsAnswer(
    Array.from({ length: 60 }, () => record),
    'Local',
    [],
  )
  t.ok(JSON.stringify(many).length < 100_000)
  t.match(jobsAnswer([record], 'Local', []), { jobs: [{ args: [/^x+$/] }] })
  t.same(onlyFields({ id: 'a', name: 'b', user: 'c' }, ['name']), { id: 'a', name: 'b' })
})

t.test('the ports that a job was submitted with are among its endpoints', async (t) => {
  const exposedPorts = [{ targetPort: 80 }, { targetPort: 81, publishedPort: 8081 }]
  const endpoints = [/^unix:\/s$/, /^tcp:.*:80$/, /^tcp:.*:8081$/]
  t.match(networkAnswer('/s', { exposedPorts }), { endpoints })
})

t.test('latencies are counted in the buckets of the protocol, since the last time', async (t) => {
  const latencies = new Latencies()
  for (const seconds of [0.005, 0.01, 0.2, 100]) latencies.observe(seconds)
  const { buckets, sum } = latencies.drain()
  t.same(buckets, [2, 0, 0, 0, 1, 0, 0, 0, 0, 0])
  t.equal(sum.toFixed(3), '100.215')
  t.equal(latencies.drain().sum, 0)
})

t.test(
  'the configuration of the plugin is read, or refused with the kind of mistake',
  async (t) => {
    t.same(parsePluginConfig('# comment\n[x]\njob-expiry-hours = 0.5\nother=1\n'), {
      jobExpiryHours: 0.5,
    })
    t.throws(() => parsePluginConfig('job-expiry-hours=soon'), { errorType: 2, message: /soon/ })
    t.throws(() => parsePluginConfig('nonsense'), { errorType: 1, message: /Line 1/ })
    t.same(readPluginConfig('/nonexistent/file'), {})
    t.throws(() => readPluginConfig('/'), { errorType: 1, message: /EISDIR/ })
  },
)

t.test('the output of a job is copied to its files, and told as well', async (t) => {
  const scratchPath = shortDirectory(t)
  const jobs = new LocalJobs({
    ...plainJobs(SILENT),
    scratchPath,
    tracking: new TrackingCgroups({ place: undefined, scratchPath, log: SILENT }),
    expiryMs: 86_400_000,
    cgroups: new JobCgroups({ places: undefined }),
    log: SILENT,
  })
  t.teardown(() => jobs.stop())
  await jobs.start()
  const files = ['out', 'err'].map((name) => join(shortDirectory(t), name))
  for (const file of files) {
    writeFileSync(file, '')
    // The job may be somebody else's.
    chmodSync(file, 0o666)
  }
  const [stdoutFile, stderrFile] = files
  const script = 'echo out; echo err >&2; exit 3'
  const place = { user: ACCOUNT, workingDirectory: '/', exe: '/bin/sh', args: ['-c', script] }
  const job = await jobs.submit(submittedJob.parse({ ...place, stdoutFile, stderrFile }))
  await until(() => job.hasEnded || undefined)
  t.match(job.record, { status: 'Finished', exitCode: 3 })
  const read = (file: string) => readFileSync(file, 'utf8')
  t.same(files.map(read), ['out\n', 'err\n'])
  t.same([job.stdout.path, job.stderr.path].map(read), ['out\n', 'err\n'])
})
