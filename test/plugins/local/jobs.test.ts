import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { submittedJob } from '../../../src/launcher/protocol-schemas.ts'
import { ownCgroupPlaces, type CgroupPlaces } from '../../../src/plugins/local/cgroup-places.ts'
import { jobCommand, PLAIN_LOGIN } from '../../../src/plugins/local/command.ts'
import { JobDirectory, type JobRecord } from '../../../src/plugins/local/job-directory.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import { LocalJobs } from '../../../src/plugins/local/jobs.ts'
import { plainJobs } from './fixtures/plain-jobs.ts'
import { bootId, listProcesses, readStat } from '../../../src/plugins/local/processes.ts'
import { TrackingCgroups } from '../../../src/plugins/local/tracking-cgroups.ts'
import {
  ACCOUNT,
  isRunning,
  shortDirectory,
  SILENT,
  until,
} from '../../launcher/fixtures/launcher-fixture.ts'

const DAY = 86_400_000
const ID = 'abcdefghijkl'

async function startJobs(
  t: Test,
  scratchPath: string,
  expiryMs = DAY,
  places?: CgroupPlaces,
): Promise<LocalJobs> {
  const cgroups = new JobCgroups({ places })
  const tracking = new TrackingCgroups({ place: undefined, scratchPath, log: SILENT })
  const parts = { ...plainJobs(SILENT), cgroups, tracking, log: SILENT }
  const jobs = new LocalJobs({ scratchPath, expiryMs, ...parts })
  t.teardown(() => jobs.stop())
  await jobs.start()
  return jobs
}

function record(change: Partial<JobRecord> = {}): JobRecord {
  const time = new Date().toISOString()
  return {
    id: ID,
    name: 'n',
    user: ACCOUNT,
    uid: userInfo().uid,
    tags: [],
    resourceProfile: '',
    resourceLimits: [],
    details: {},
    pid: null,
    status: 'Running',
    statusMessage: '',
    exitCode: null,
    killRequested: false,
    submissionTime: time,
    lastUpdateTime: time,
    ...change,
  }
}

/** A process that is not a job. */
function bystander(t: Test): { pid: number; startTime: number } {
  const child = spawn('sleep', ['1000'], { detached: true })
  t.teardown(() => child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  return { pid, startTime: readStat(pid)?.startTime ?? 0 }
}

function shell(script: string, more: object = {}) {
  const place = { user: ACCOUNT, workingDirectory: '/tmp' }
  return submittedJob.parse({ ...place, exe: '/bin/sh', args: ['-c', script], ...more })
}

t.test('a process that only has the pid of a job is not adopted, nor harmed', async (t) => {
  const scratch = shortDirectory(t)
  const { pid, startTime } = bystander(t)
  const { path } = JobDirectory.create(scratch, record({ pid }), null)
  writeFileSync(join(path, 'started'), `${pid} ${startTime - 1} ${bootId()}\n`)
  const jobs = await startJobs(t, scratch)
  t.match(jobs.get(ID).record, { status: 'Failed', statusMessage: /exit code is not known/ })
  t.ok(isRunning(pid))
})

t.test('a process from after a start of the system is not adopted', async (t) => {
  const scratch = shortDirectory(t)
  const { pid, startTime } = bystander(t)
  const { path } = JobDirectory.create(scratch, record({ pid }), null)
  writeFileSync(join(path, 'started'), `${pid} ${startTime} another-boot\n`)
  const jobs = await startJobs(t, scratch)
  t.match(jobs.get(ID).record, { status: 'Failed', statusMessage: /server was restarted/ })
  t.ok(isRunning(pid))
})

t.test('a job that was recorded but not started is given up, and can start no more', async (t) => {
  const scratch = shortDirectory(t)
  const { path } = JobDirectory.create(scratch, record({ status: 'Pending' }), null)
  mkdirSync(join(scratch, 'run', ID), { recursive: true })
  const jobs = await startJobs(t, scratch)
  t.same(jobs.list(), [])
  t.same([readdirSync(scratch).sort(), readdirSync(join(scratch, 'run'))], [['lock', 'run'], []])
  await runLeader(path, `touch ${join(scratch, 'ran')}`)
  t.notOk(existsSync(join(scratch, 'ran')))
})

t.test('a job that was forbidden to begin, but not yet given up, is given up', async (t) => {
  const scratch = shortDirectory(t)
  const directory = JobDirectory.create(scratch, record({ status: 'Pending' }), null)
  t.ok(directory.forbidBeginning())
  await runLeader(directory.path, `touch ${join(scratch, 'ran')}`)
  t.same((await startJobs(t, scratch)).list(), [])
  t.same(readdirSync(scratch).sort(), ['lock', 'run'], 'and it did not run')
})

t.test('a leader that is late is never one of a job that was given up', async (t) => {
  const scratch = shortDirectory(t)
  const begun: number[] = []
  for (let round = 0; round < 10; round++) {
    const id = `${round}`.padStart(12, '0')
    const directory = JobDirectory.create(scratch, record({ id, status: 'Pending' }), null)
    const out = join(scratch, `${round}.out`)
    const leader = runLeader(directory.path, `echo ran >> ${out}`)
    await delay(round)
    const isForbidden = directory.forbidBeginning()
    if (isForbidden) directory.withdraw()
    else begun.push(round)
    await leader
    t.equal(existsSync(out), !isForbidden)
    t.equal(existsSync(directory.path), !isForbidden)
  }
  t.comment(`of 10 began in time: ${begun.join(' ')}`)
})

t.test('a leader that is already in the directory of a job given up does not begin', async (t) => {
  const scratch = shortDirectory(t)
  const directory = JobDirectory.create(scratch, record({ status: 'Pending' }), null)
  const { path } = directory
  // The leader's script, held up after it has entered the directory.
  const script = readFileSync('src/plugins/local/start-job.sh', 'utf8')
  const held = script.replace(/(cd "\$1".*\n)/, '$1  echo in; read -r go\n')
  const stdio = ['pipe', 'pipe', 'ignore'] as const
  const leader = spawn('/bin/sh', ['-c', held, 'sh', path, 'touch', `${scratch}/ran`], {
    stdio: [...stdio],
  })
  const exited = once(leader, 'exit')
  await once(leader.stdout, 'data')
  t.ok(directory.forbidBeginning())
  directory.withdraw()
  leader.stdin.end('go\n')
  t.same(await exited, [1, null])
  t.same(readdirSync(scratch), [])
})

t.test('a job that is started twice at once runs once', async (t) => {
  const scratch = shortDirectory(t)
  for (let round = 0; round < 5; round++) {
    const id = `${round}`.padStart(12, '0')
    const directory = JobDirectory.create(scratch, record({ id }), null)
    const out = join(scratch, `${round}.out`)
    await Promise.all([1, 2, 3].map(() => runLeader(directory.path, `echo ran >> ${out}; exit 9`)))
    t.equal(readFileSync(out, 'utf8'), 'ran\n')
    t.equal(directory.readExitCode(), 9)
  }
})

t.test('the leader records how the job ends although it is signalled itself', async (t) => {
  const scratch = shortDirectory(t)
  const jobs = await startJobs(t, scratch)
  const job = await jobs.submit(shell('trap "" TERM; echo ready; sleep 0.5; exit 4'))
  await until(
    () => readFileSync(join(scratch, job.record.id, 'stdout'), 'utf8') !== '' || undefined,
  )
  process.kill(-(job.record.pid ?? 0), 'SIGTERM')
  await until(() => job.hasEnded || undefined)
  t.match(job.record, { status: 'Finished', exitCode: 4 })
})

t.test('a job has the usual umask, and a private directory nevertheless', async (t) => {
  const jobs = await startJobs(t, shortDirectory(t))
  const job = await jobs.submit(shell('umask; stat -c %a "$ATELIER_DIRECTORY"'))
  await until(() => job.hasEnded || undefined)
  t.equal(readFileSync(job.stdout.path, 'utf8'), '0022\n700\n')
})

t.test('a leader that is killed leaves no process of its job', async (t) => {
  const jobs = await startJobs(t, shortDirectory(t))
  const job = await jobs.submit(shell('echo $$; exec sleep 1000'))
  const pid = Number(await until(() => readFileSync(job.stdout.path, 'utf8') || undefined))
  process.kill(job.record.pid ?? 0, 'SIGKILL')
  await until(() => job.hasEnded || undefined)
  t.match(job.record, { status: 'Failed', exitCode: null })
  t.notOk(isRunning(pid))
})

t.test(
  'what an interrupted submission left is removed, and an unreadable job left alone',
  async (t) => {
    const scratch = shortDirectory(t)
    const broken = JobDirectory.create(scratch, record(), null).path
    writeFileSync(join(broken, 'job.json'), '')
    mkdirSync(join(scratch, '.0123456789ab'))
    mkdirSync(join(scratch, 'run', '0123456789ab'), { recursive: true })
    mkdirSync(join(scratch, 'run', ID))
    await startJobs(t, scratch)
    t.same(readdirSync(scratch).sort(), [ID, 'lock', 'run'])
    t.same(readdirSync(join(scratch, 'run')), [ID])
  },
)

t.test('jobs are forgotten some time after their end', async (t) => {
  const scratch = shortDirectory(t)
  const old = new Date(Date.now() - 2 * DAY).toISOString()
  const ended = { status: 'Finished', exitCode: 0 } as const
  JobDirectory.create(scratch, record({ ...ended, lastUpdateTime: old }), null)
  JobDirectory.create(scratch, record({ ...ended, id: 'recently0000' }), null)
  const jobs = await startJobs(t, scratch)
  t.same(
    jobs.list().map((job) => job.record.id),
    ['recently0000'],
  )
  t.same(readdirSync(scratch).sort(), ['lock', 'recently0000', 'run'])
})

t.test('a second plugin waits until the first has let go of the jobs', async (t) => {
  const scratch = shortDirectory(t)
  const first = await startJobs(t, scratch)
  let started = false
  const second = startJobs(t, scratch).then(() => (started = true))
  await first.submit(shell('exit 0'))
  t.notOk(started)
  first.stop()
  await second
})

t.test('a directory too deep for a socket is refused with the reason', async (t) => {
  const scratch = join(shortDirectory(t), 'x'.repeat(70))
  const jobs = await startJobs(t, scratch)
  await t.rejects(jobs.submit(shell('exit 0')), { errorCode: 2, message: /shorter data directory/ })
  t.same(readdirSync(scratch).sort(), ['lock', 'run'])
})

t.test('a command too long for the system is refused, and leaves nothing behind', async (t) => {
  const scratch = shortDirectory(t)
  const jobs = await startJobs(t, scratch)
  await t.rejects(jobs.submit(shell('x'.repeat(200_000))), { errorCode: 0, message: /E2BIG/ })
  t.same([readdirSync(scratch).sort(), readdirSync(join(scratch, 'run'))], [['lock', 'run'], []])
})

t.test('on a full disk no job starts, and the end of one that runs is recorded', async (t) => {
  const scratch = shortDirectory(t)
  if (!mountSmall(t, scratch)) return t.pass('skipped: no file system can be mounted here')
  const jobs = await startJobs(t, scratch)
  const ending = await jobs.submit(shell('sleep 0.5; exit 6'))
  const before = readdirSync(scratch).sort()
  fill(join(scratch, 'ballast'))
  await t.rejects(jobs.submit(shell('exit 0')), { errorCode: 0, message: /ENOSPC/ })
  t.same(readdirSync(scratch).sort(), [...before, 'ballast'].sort(), 'nothing is left behind')
  await until(() => ending.hasEnded || undefined)
  t.match(ending.record, { status: 'Finished', exitCode: 6 })
})

/** Runs a job's leader as the plugin does. */
async function runLeader(directory: string, script: string): Promise<void> {
  const command = {
    exe: '/bin/sh',
    args: ['-c', script],
    environment: { ATELIER_DIRECTORY: directory },
  }
  const { exe, args, environment } = jobCommand({
    directory,
    account: { name: ACCOUNT, uid: 0, gid: 0, home: '/nowhere', shell: '/bin/sh' },
    become: false,
    login: PLAIN_LOGIN,
    workingDirectory: '/',
    command,
  })
  await once(spawn(exe, args, { env: environment, stdio: 'ignore' }), 'exit')
}

function mountSmall(t: Test, path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=711', 'none', path], {
      stdio: 'ignore',
    })
  } catch {
    return false
  }
  t.teardown(() => execFileSync('umount', ['-l', path]))
  return true
}

function fill(file: string): void {
  for (const size of [65_536, 4096, 512, 1]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size))
    } catch {
      // Full for pieces of this size.
    }
  }
}

const HOG = `exec python3 -c "b = bytearray(300 << 20)
print(len(b))"`
const limited = (type: string, value: string) => ({ resourceLimits: [{ type, value }] })

t.test('a job that wants more memory than its limit is ended, and says why', async (t) => {
  const places = ownCgroupPlaces()
  const writable = places?.memory !== undefined && isWritable(places.memory)
  if (!writable) return t.comment('there is no memory cgroup that we may use; see the next test')
  const jobs = await startJobs(t, shortDirectory(t), DAY, places)
  const job = await jobs.submit(shell(HOG, limited('memory', '100')))
  await until(() => job.hasEnded)
  t.match(job.record, { exitCode: 137, statusMessage: /memory limit of 100 MiB was reached/ })
  t.notOk(existsSync(join(places.memory ?? '', 'atelier-jobs', job.record.id)), 'no cgroup is left')
})

t.test('a job whose kernel lost a process for memory runs on, and says so', async (t) => {
  const places = ownCgroupPlaces()
  const writable = places?.memory !== undefined && isWritable(places.memory)
  if (!writable) return t.comment('there is no memory cgroup that we may use; see the next test')
  const jobs = await startJobs(t, shortDirectory(t), DAY, places)
  const job = await jobs.submit(shell(`(${HOG}); sleep 1000`, limited('memory', '100')))
  await until(() => job.record.statusMessage !== '')
  t.match(job.record, { status: 'Running', statusMessage: /memory limit of 100 MiB was reached/ })
  await job.control('kill')
  t.match(job.record, { status: 'Killed' })
})

t.test('without cgroups no process of a job gets more memory than its limit', async (t) => {
  const jobs = await startJobs(t, shortDirectory(t))
  const job = await jobs.submit(shell(HOG, limited('memory', '100')))
  await until(() => job.hasEnded)
  t.match(job.record, { exitCode: 1 })
  t.match(readFileSync(job.stderr.path, 'utf8'), /MemoryError/)
})

t.test('a job gets no more processes than its limit, and is told', async (t) => {
  const places = ownCgroupPlaces()
  const writable = places?.pids !== undefined && isWritable(places.pids)
  if (!writable) return t.comment('there is no pids cgroup that we may use; see the next tests')
  const jobs = await startJobs(t, shortDirectory(t), DAY, places)
  const script = 'for each in 1 2 3 4 5 6 7 8 9; do sleep 1000 & done; wait'
  const job = await jobs.submit(
    shell(`sh -c '${script}'; exec sleep 1000`, limited('processes', '5')),
  )
  await until(() => job.record.statusMessage !== '')
  t.match(job.record, { status: 'Running', statusMessage: /limit of 5 processes and threads/ })
  t.match(readFileSync(job.stderr.path, 'utf8'), /[Cc]annot fork|Resource temporarily/)
  t.ok(job.processes(listProcesses()).length <= 5)
  await job.control('kill')
  t.notOk(existsSync(join(places.pids ?? '', 'atelier-jobs', job.record.id)), 'no cgroup is left')
})

t.test('each process of a job has the limits that no cgroup holds', async (t) => {
  const jobs = await startJobs(t, shortDirectory(t))
  const resourceLimits = [
    { type: 'openFiles', value: '321' },
    { type: 'processes', value: '4321' },
    { type: 'nice', value: '7' },
  ]
  const script = 'grep -E "open files|processes" /proc/self/limits; nice'
  const job = await jobs.submit(shell(script, { resourceLimits }))
  await until(() => job.hasEnded)
  t.match(job.record, { exitCode: 0 })
  const said = readFileSync(job.stdout.path, 'utf8')
  t.match(said, /open files +321 +321 /)
  t.match(said, /processes +4321 +4321 /)
  t.match(said, /^7$/m)
})

t.test('a stricter limit that is there already holds', async (t) => {
  const jobs = await startJobs(t, shortDirectory(t))
  const asked = [
    { type: 'openFiles', value: '1000000000' },
    { type: 'processes', value: '4194304' },
  ]
  const script = `echo $(ulimit -Hn) $(prlimit --nproc --output=HARD --noheadings --raw)`
  const here = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
  const job = await jobs.submit(shell(script, { resourceLimits: asked }))
  await until(() => job.hasEnded)
  t.match(job.record, { exitCode: 0 })
  t.equal(readFileSync(job.stdout.path, 'utf8'), here)
})

t.test('a process that hides is ended with its job, whose cgroup names it', async (t) => {
  // An ordinary folder in place of a cgroup: the test writes what the kernel would.
  const places = { version: 1, cpu: shortDirectory(t) } as const
  const jobs = await startJobs(t, shortDirectory(t), DAY, places)
  const hidden = `(env -i setsid sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000`
  const job = await jobs.submit(shell(hidden, limited('cpuCount', '1')))
  const pid = Number(await until(() => readFileSync(job.stdout.path, 'utf8') || undefined))
  t.teardown(() => isRunning(pid) && process.kill(pid, 'SIGKILL'))
  writeFileSync(join(places.cpu, 'atelier-jobs', job.record.id, 'cgroup.procs'), `0\n${pid}\n`)
  await job.control('kill')
  t.match(job.record, { status: 'Killed' })
  t.notOk(isRunning(pid))
})

t.test('cgroups of no running job are removed at the start, if they are not new', async (t) => {
  const [scratch, cpu, memory] = [shortDirectory(t), shortDirectory(t), shortDirectory(t)]
  const { pid, startTime } = bystander(t)
  const { path } = JobDirectory.create(scratch, record({ pid }), null)
  writeFileSync(join(path, 'started'), `${pid} ${startTime} ${bootId()}\n`)
  JobDirectory.create(scratch, record({ id: 'ended0000000', status: 'Finished' }), null)
  const folders = [cpu, memory].map((place) => join(place, 'atelier-jobs'))
  const make = (name: string, seconds: number) => {
    for (const folder of folders) {
      mkdirSync(join(folder, name), { recursive: true })
      utimesSync(join(folder, name), seconds, seconds)
    }
  }
  for (const name of [ID, 'ended0000000', 'interrupted0']) make(name, 1)
  make('anothers0000', Date.now() / 1000)
  writeFileSync(join(cpu, 'atelier-jobs', 'cgroup.procs'), '')
  await startJobs(t, scratch, DAY, { version: 1, cpu, memory })
  const left = folders.map((folder) => readdirSync(folder).sort())
  t.same(left, [
    [ID, 'anothers0000', 'cgroup.procs'],
    [ID, 'anothers0000'],
  ])
})

t.test('a job gets no more of the processors than its limit', async (t) => {
  const places = ownCgroupPlaces()
  if (places?.cpu === undefined || !isWritable(places.cpu)) {
    return t.comment('there is no cpu cgroup that we may use')
  }
  const jobs = await startJobs(t, shortDirectory(t), DAY, places)
  const job = await jobs.submit(shell('while :; do :; done', limited('cpuCount', '0.5')))
  const stat = join(places.cpu, 'atelier-jobs', job.record.id, 'cpu.stat')
  await until(() => Number(/nr_throttled (\d+)/.exec(readFileSync(stat, 'utf8'))?.[1]) > 0)
  await job.control('kill')
})

t.test('a limit that cannot be held is refused, and nothing is left of the job', async (t) => {
  const scratch = shortDirectory(t)
  const jobs = await startJobs(t, scratch)
  for (const [type, value] of [
    ['memory', '-1'],
    ['memory', 'much'],
    ['cpuCount', '0'],
    ['gpu', '1'],
  ] as const) {
    await t.rejects(jobs.submit(shell('true', limited(type, value))), { message: /resource limit/ })
  }
  t.same(readdirSync(scratch).sort(), ['lock', 'run'])
})

function isWritable(folder: string): boolean {
  const probe = join(folder, `atelier-probe-${process.pid}`)
  try {
    mkdirSync(probe)
    rmdirSync(probe)
    return true
  } catch {
    return false
  }
}
