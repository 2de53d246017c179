import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { submittedJob } from '../../../src/launcher/protocol-schemas.ts'
import { ownTrackingPlace, type TrackingPlace } from '../../../src/plugins/local/cgroup-places.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import type { LocalJob } from '../../../src/plugins/local/job.ts'
import { plainJobs } from './fixtures/plain-jobs.ts'
import { LocalJobs } from '../../../src/plugins/local/jobs.ts'
import { cgroupOfScratch, TrackingCgroups } from '../../../src/plugins/local/tracking-cgroups.ts'
import {
  ACCOUNT,
  isRunning,
  shortDirectory,
  SILENT,
  until,
} from '../../launcher/fixtures/launcher-fixture.ts'

const V1 = '/sys/fs/cgroup'

/** Every kind of place that this system has; as an ordinary user none. */
const PLACES = (
  [
    { folder: `${V1}/freezer`, kills: 'freezer' },
    { folder: `${V1}/unified`, kills: 'unified' },
    { folder: V1, kills: 'unified' },
    { folder: `${V1}/pids`, kills: 'singly' },
  ] satisfies TrackingPlace[]
).filter(({ folder }) => existsSync(join(folder, 'cgroup.procs')) && isWritable(folder))

/** Writes its pid, in a session of its own, with nothing in its environment, and with no parent of the job. */
const HIDING = `(env -i setsid sh -c 'echo $$; exec sleep 1000' &)`
const HIDDEN = `${HIDING}; exec sleep 1000`
/** Has another pid each time somebody looks. */
const COMET = `(env -i setsid perl -e '$| = 1; print "up\\n"; while (1) { exit if fork }' &); exec sleep 1000`

async function startJobs(t: Test, scratchPath: string, place?: TrackingPlace): Promise<LocalJobs> {
  const tracking = new TrackingCgroups({ place, scratchPath, log: SILENT })
  const cgroups = new JobCgroups({ places: undefined })
  const common = { ...plainJobs(SILENT), expiryMs: 60_000, cgroups, tracking, log: SILENT }
  const jobs = new LocalJobs({ scratchPath, ...common })
  t.teardown(async () => {
    const running = jobs.list().filter(({ hasEnded }) => !hasEnded)
    await Promise.all(running.map((job) => job.control('kill')))
    jobs.stop()
    if (place) removeIfThere(join(place.folder, cgroupOfScratch(scratchPath)))
  })
  await jobs.start()
  return jobs
}

function shell(script: string) {
  const place = { user: ACCOUNT, workingDirectory: '/tmp' }
  return submittedJob.parse({ ...place, exe: '/bin/sh', args: ['-c', script] })
}

const written = (job: LocalJob) =>
  until(() => readFileSync(job.stdout.path, 'utf8').trim() || undefined)

for (const place of PLACES) {
  t.test(`a process that hides is ended with its job (${place.folder})`, async (t) => {
    const scratch = shortDirectory(t)
    const jobs = await startJobs(t, scratch, place)
    const job = await jobs.submit(shell(HIDDEN))
    const pid = Number(await written(job))
    await job.control('kill')
    await until(() => job.hasEnded)
    t.match(job.record, { status: 'Killed' })
    t.notOk(isRunning(pid))
    t.same(foldersOf(place, scratch), [], 'no cgroup is left')
  })

  t.test(`a process that hides is ended after a job that ends (${place.folder})`, async (t) => {
    const scratch = shortDirectory(t)
    const jobs = await startJobs(t, scratch, place)
    const job = await jobs.submit(shell(`${HIDING}; sleep 0.2; exit 3`))
    const pid = Number(await written(job))
    await until(() => job.hasEnded)
    t.match(job.record, { status: 'Finished', exitCode: 3 })
    t.notOk(isRunning(pid))
  })

  t.test(`a stray of a job of an earlier start is ended (${place.folder})`, async (t) => {
    const scratch = shortDirectory(t)
    const first = await startJobs(t, scratch, place)
    const [gone, kept] = [await first.submit(shell(HIDDEN)), await first.submit(shell(HIDDEN))]
    const [stray, safe] = [Number(await written(gone)), Number(await written(kept))]
    first.stop()
    rmSync(join(scratch, gone.record.id), { recursive: true })
    mkdirSync(join(place.folder, cgroupOfScratch(scratch), 'zzzzzzzzzzzz'))

    const second = await startJobs(t, scratch, place)
    await until(() => !isRunning(stray))
    await until(() => foldersOf(place, scratch).length === 1)
    t.same(
      foldersOf(place, scratch),
      [kept.record.id],
      'and its cgroup, and one of a crashed start',
    )
    t.ok(isRunning(safe))
    t.match(second.get(kept.record.id).record, { status: 'Running' })
    t.same(readdirSync(join(scratch, 'run')), [kept.record.id], 'and its private directory')
  })

  if (place.kills === 'singly') continue
  t.test(`a process that forks faster than one can look is killed (${place.folder})`, async (t) => {
    const scratch = shortDirectory(t)
    const jobs = await startJobs(t, scratch, place)
    const job = await jobs.submit(shell(COMET))
    await written(job)
    await job.control('kill')
    await until(() => job.hasEnded)
    t.match(job.record, { status: 'Killed' })
    t.same(foldersOf(place, scratch), [], 'its cgroup was empty and is gone')
  })
}

t.test('without cgroups an orphan is known by its environment', async (t) => {
  const scratch = shortDirectory(t)
  const first = await startJobs(t, scratch)
  const gone = await first.submit(shell('echo $$; exec sleep 1000'))
  const broken = await first.submit(shell('echo $$; exec sleep 1000'))
  const [stray, safe] = [Number(await written(gone)), Number(await written(broken))]
  t.teardown(() => isRunning(safe) && process.kill(safe, 'SIGKILL'))
  const other = impostor(t, { ATELIER_JOB_ID: gone.record.id, ATELIER_DIRECTORY: '/elsewhere/run' })
  first.stop()
  rmSync(join(scratch, gone.record.id), { recursive: true })
  writeFileSync(join(scratch, broken.record.id, 'job.json'), 'not a record')

  await startJobs(t, scratch)
  await until(() => !isRunning(stray))
  t.ok(isRunning(safe), 'what runs under a record that cannot be read is left alone')
  t.ok(isRunning(other), 'and what belongs to another Atelier')
})

t.test('jobs that are gone with all records are left alone: a disk may be missing', async (t) => {
  const scratch = join(shortDirectory(t), 's')
  const first = await startJobs(t, scratch)
  const job = await first.submit(shell('echo $$; exec sleep 1000'))
  const pid = Number(await written(job))
  first.stop()
  t.teardown(() => process.kill(pid, 'SIGKILL'))
  rmSync(scratch, { recursive: true })

  const warned: unknown[] = []
  const tracking = new TrackingCgroups({ place: undefined, scratchPath: scratch, log: SILENT })
  const second = new LocalJobs({
    scratchPath: scratch,
    ...plainJobs(SILENT),
    expiryMs: 60_000,
    cgroups: new JobCgroups({ places: undefined }),
    tracking,
    log: { ...SILENT, warn: (...told: unknown[]) => void warned.push(told.at(-1)) },
  })
  t.teardown(() => second.stop())
  await second.start()
  t.match(warned, [/records are gone with all others/])
  t.ok(isRunning(pid))
})

t.test('this process finds a place where it can track, if it is root', async (t) => {
  if (PLACES.length === 0) return t.comment('there are no cgroups that we may use')
  const place = ownTrackingPlace()
  t.ok(place && isWritable(place.folder), JSON.stringify(place))
})

function impostor(t: Test, env: Record<string, string>): number {
  const child = spawn('/bin/sleep', ['1000'], {
    env,
    ...(userInfo().uid === 0 && { uid: 65_534, gid: 65_534 }),
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child.pid ?? 0
}

/** The cgroups of these jobs. */
function foldersOf({ folder }: TrackingPlace, scratch: string): string[] {
  const parent = join(folder, cgroupOfScratch(scratch))
  return readdirSync(parent).filter((name) => existsSync(join(parent, name, 'cgroup.procs')))
}

function removeIfThere(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Removed by an earlier teardown of the same test.
  }
}

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
