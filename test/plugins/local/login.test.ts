// Jobs as they become those of real accounts: by src/pam/session.ts as it is built in dist/, as root.
import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { pamStyle } from '../../../src/pam/install-service.ts'
import { serviceText } from '../../../src/pam/service-text.ts'
import { submittedJob } from '../../../src/launcher/protocol-schemas.ts'
import type { Login } from '../../../src/plugins/local/command.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import type { LocalJob } from '../../../src/plugins/local/job.ts'
import { LocalJobs } from '../../../src/plugins/local/jobs.ts'
import { TrackingCgroups } from '../../../src/plugins/local/tracking-cgroups.ts'
import { plainJobs } from './fixtures/plain-jobs.ts'
import { PamSessions } from '../../../src/plugins/local/pam-sessions.ts'
import { listProcesses } from '../../../src/plugins/local/processes.ts'
import { isRoot, makeAccount, type TestAccount } from '../../fixtures/accounts.ts'
import { BY_PASSWORD, makePamService } from '../../fixtures/pam-service.ts'
import { shortDirectory, SILENT, until } from '../../launcher/fixtures/launcher-fixture.ts'

const PROGRAM = fileURLToPath(new URL('../../../dist/src/pam/session.js', import.meta.url))

if (!isRoot) t.plan(0, 'only root can make accounts')

async function startJobs(
  t: Test,
  login: Partial<Login> = {},
  scratchPath = shortDirectory(t),
): Promise<LocalJobs> {
  const configured = { umask: '0022', homeMarker: undefined, pam: undefined, ...login }
  const jobs = new LocalJobs({
    ...plainJobs(SILENT),
    scratchPath,
    expiryMs: 86_400_000,
    cgroups: new JobCgroups({ places: undefined }),
    tracking: new TrackingCgroups({ place: undefined, scratchPath, log: SILENT }),
    sessions: new PamSessions({ login: configured, log: SILENT }),
    log: SILENT,
  })
  t.teardown(() => jobs.stop())
  await jobs.start()
  return jobs
}

/** Without tap's hand in it, which catches signals. */
const withPam = (service: string) => ({
  pam: { service, program: ['/usr/bin/env', '-u', 'NODE_OPTIONS', execPath, PROGRAM] },
})

function job({ name, home }: TestAccount, script: string, more: object = {}) {
  const command = { exe: '/bin/sh', args: ['-c', script] }
  return submittedJob.parse({ user: name, workingDirectory: home, ...command, ...more })
}

async function ended(jobs: LocalJobs, submitted: ReturnType<typeof job>): Promise<LocalJob> {
  const started = await jobs.submit(submitted)
  await until(() => started.hasEnded || undefined)
  return started
}

const output = (job: LocalJob) => readFileSync(job.stdout.path, 'utf8')
const errors = (job: LocalJob) => readFileSync(job.stderr.path, 'utf8')

/** A service whose sessions are noted by PAM's own hand, one line for each opening and closing. */
function notingService(t: Test, ...lines: readonly string[]) {
  const folder = t.testdir({ note: '#!/bin/sh\necho "$PAM_TYPE $PAM_USER" >>"$1"\n', notes: '' })
  chmodSync(join(folder, 'note'), 0o755)
  const note = `session required pam_exec.so ${folder}/note ${folder}/notes`
  const service = makePamService(t, ...BY_PASSWORD, ...lines, note)
  return { ...withPam(service), folder, notes: () => readFileSync(join(folder, 'notes'), 'utf8') }
}

t.test(
  'a job has the limits, groups and variables of a PAM session, which is closed',
  async (t) => {
    const account = await makeAccount(t, { groups: ['t-group-b'] })
    const { name } = account
    const conf = shortDirectory(t)
    writeFileSync(join(conf, 'limits'), `${name} - nofile 123\n${name} - as 300000\n`)
    writeFileSync(join(conf, 'env'), 'FROM_PAM DEFAULT="a b"\nLD_PRELOAD DEFAULT=/none.so\n')
    const { pam, notes } = notingService(
      t,
      `session required pam_limits.so conf=${conf}/limits`,
      `session required pam_env.so conffile=${conf}/env readenv=0`,
    )
    const jobs = await startJobs(t, { pam, umask: '0027' })
    const script = 'ulimit -Sn; ulimit -Hn; ulimit -v; id -Gn; id -un; umask; echo "$FROM_PAM"'
    const done = await ended(jobs, job(account, `${script}; exit 5`))
    t.equal(output(done), `123\n123\n300000\n${name} t-group-b\n${name}\n0027\na b\n`)
    t.match(done.record, { status: 'Finished', exitCode: 5 })
    t.equal(notes(), `open_session ${name}\nclose_session ${name}\n`)
    t.match(errors(done), /none\.so/, 'what PAM sets is obeyed, but only by the account')
  },
)

t.test(
  'no process of ours stays beside a job; its session is closed whatever ends it',
  async (t) => {
    const account = await makeAccount(t)
    const { pam, notes } = notingService(t)
    const jobs = await startJobs(t, { pam })
    const started = await jobs.submit(job(account, 'echo up; exec sleep 1000'))
    await until(() => output(started) !== '' || undefined)
    const leader = started.record.pid ?? 0
    // The shell is still a shell for a moment after what it has said.
    const members = await until(() => {
      const all = listProcesses().filter(({ session }) => session === leader)
      return all.some(({ command }) => command === 'sleep') ? all : undefined
    })
    t.strictSame(members.map(({ command }) => command).sort(), ['sh', 'sleep'])
    const sleeper = members.find(({ command }) => command === 'sleep')?.pid ?? 0
    const status = readFileSync(`/proc/${sleeper}/status`, 'utf8')
    t.match(status, /SigIgn:\s0{16}\n/, 'no signal is ignored')
    t.match(status, /SigBlk:\s0{16}\n/, 'none is blocked')
    t.strictSame(readdirSync(`/proc/${sleeper}/fd`), ['0', '1', '2'])
    t.equal(notes(), `open_session ${account.name}\n`)
    process.kill(leader, 'SIGKILL')
    await until(() => started.hasEnded || undefined)
    t.equal(notes(), `open_session ${account.name}\nclose_session ${account.name}\n`)
  },
)

t.test('a session is closed by the next plugin if the first one is gone', async (t) => {
  const account = await makeAccount(t)
  const { pam, notes } = notingService(t)
  const scratch = shortDirectory(t)
  const go = join(account.home, 'go')
  await execa('mkfifo', ['-m', '666', go])
  const first = await startJobs(t, { pam }, scratch)
  const started = await first.submit(job(account, `read -r line <"${go}"`))
  await until(() => notes() !== '' || undefined)
  first.stop()
  writeFileSync(go, '\n')
  const second = await startJobs(t, { pam }, scratch)
  const found = second.get(started.record.id)
  await until(() => found.hasEnded || undefined)
  t.equal(notes(), `open_session ${account.name}\nclose_session ${account.name}\n`)
})

t.test('a missing home is made where the service says so', async (t) => {
  const account = await makeAccount(t)
  rmSync(account.home, { recursive: true })
  const made = makePamService(t, ...BY_PASSWORD, 'session required pam_mkhomedir.so umask=0077')
  const { record } = await ended(await startJobs(t, withPam(made)), job(account, 'touch here'))
  t.match(record, { status: 'Finished', exitCode: 0 })
  t.match(statSync(join(account.home, 'here')), { uid: account.uid })
  t.equal(statSync(account.home).mode & 0o777, 0o700)
})

t.test(
  'a home is looked at before anything uses it, and what is wrong is the reason',
  async (t) => {
    const account = await makeAccount(t)
    const { home } = account
    const refused = async (why: RegExp, login: Partial<Login> = {}) => {
      const { record } = await ended(await startJobs(t, login), job(account, 'exit 0'))
      t.match(record, { status: 'Failed', statusMessage: why, exitCode: null })
    }
    const homeMarker = join(shortDirectory(t), 'homes-are-here')
    await refused(/not mounted on this server: .*homes-are-here is missing/, { homeMarker })
    writeFileSync(homeMarker, '')
    const well = await ended(await startJobs(t, { homeMarker }), job(account, 'exit 0'))
    t.match(well.record, { status: 'Finished', exitCode: 0 })
    chmodSync(home, 0o600)
    await refused(/cannot be entered/)
    chownSync(home, 0, 0)
    await refused(/belongs to somebody else/)
    rmSync(home, { recursive: true })
    await refused(/does not exist/)
    writeFileSync(home, '')
    await refused(/is not a directory/)
    rmSync(home)
    const elsewhere = job(account, 'exit 0', { workingDirectory: '/tmp' })
    const { record } = await ended(await startJobs(t), elsewhere)
    t.match(record, { status: 'Finished', exitCode: 0 }, 'a job that works elsewhere needs none')
  },
)

t.test('what a login shell reads is in the environment, under what is submitted', async (t) => {
  const account = await makeAccount(t)
  const { name, home } = account
  const profile = `
echo talkative
export PATH="$HOME/bin:$PATH" FROM_PROFILE="two
lines 'quoted'" SUBMITTED=profile
readonly TMOUT=900; export TMOUT
sleep 1000 &
`
  writeFileSync(join(home, '.profile'), profile)
  const jobs = await startJobs(t)
  const environment = [{ name: 'SUBMITTED', value: 'job' }]
  const script =
    'echo "$PATH"; echo "$FROM_PROFILE"; echo "$SUBMITTED $HOME $USER $LOGNAME"; pwd; ls -A "$ATELIER_DIRECTORY"'
  const done = await ended(jobs, job(account, script, { environment }))
  const [path, ...lines] = output(done).split('\n')
  t.match(path, `${home}/bin:/usr/local/bin`)
  t.strictSame(lines, ['two', "lines 'quoted'", `job ${home} ${name} ${name}`, home, ''])
  t.match(errors(done), 'talkative')
})

t.test('a profile that fails, waits or becomes something else prevents no start', async (t) => {
  const account = await makeAccount(t)
  const jobs = await startJobs(t)
  for (const profile of ['exit 3', 'exec /bin/cat', 'set -e; false', 'read -r line', 'if then']) {
    writeFileSync(join(account.home, '.profile'), `${profile}\n`)
    const done = await ended(jobs, job(account, 'echo "$HOME"'))
    t.equal(output(done), `${account.home}\n`, profile)
  }
})

t.test('nothing of the server is in a job, and nothing secret in a command line', async (t) => {
  env['ATELIER_TEST_MARKER'] = 'leaked-marker'
  t.teardown(() => delete env['ATELIER_TEST_MARKER'])
  const account = await makeAccount(t)
  const folder = shortDirectory(t)
  const spied = join(folder, 'spied')
  const look = `cat /proc/[0-9]*/cmdline >>"${spied}" 2>/dev/null; exit 0`
  writeFileSync(join(folder, 'spy'), `#!/bin/sh\n${look}\n`, { mode: 0o755 })
  const spy = `session required pam_exec.so ${folder}/spy`
  const jobs = await startJobs(t, withPam(makePamService(t, ...BY_PASSWORD, spy)))
  const environment = [{ name: 'TOKEN', value: 'submitted-secret' }]
  const done = await ended(jobs, job(account, 'cat /proc/self/environ', { environment }))
  t.match(output(done), 'submitted-secret')
  t.notMatch(output(done), 'leaked-marker')
  t.notMatch(output(done), /ATELIER_(?:LOGIN|ENV|TOTAL|INDEX)/, 'nothing of how it was carried')
  const commands = readFileSync(spied, 'latin1')
  t.match(commands, 'session.js')
  t.notMatch(commands, /submitted-secret|leaked-marker/)
})

t.test('whom PAM refuses has the reason; who only must change the password starts', async (t) => {
  const account = await makeAccount(t)
  const permit = 'session required pam_permit.so'
  const jobs = await startJobs(t, withPam(makePamService(t, ...BY_PASSWORD, permit)))
  await execa('chage', ['--lastday', '0', account.name])
  t.match((await ended(jobs, job(account, 'exit 0'))).record, { exitCode: 0 })
  await execa('chage', ['--expiredate', '0', account.name])
  const { record } = await ended(jobs, job(account, 'exit 0'))
  t.match(record, { status: 'Failed', statusMessage: /refuses .* a login .*expired/ })
})

t.test('a login that hangs is ended, with the reason', async (t) => {
  const account = await makeAccount(t)
  const hangs = makePamService(t, ...BY_PASSWORD, 'session required pam_exec.so /bin/sleep 1000')
  const jobs = await startJobs(t, withPam(hangs))
  const started = await jobs.submit(job(account, 'exit 0'))
  const ofPam = await until(() => {
    const all = listProcesses()
    const program = all.find(
      (each) => each.session === started.record.pid && each.command === 'node',
    )
    return all.find((each) => each.parent === program?.pid && each.command === 'sleep')
  })
  t.teardown(() => process.kill(ofPam.pid, 'SIGKILL'))
  // What the system does when the time is over.
  process.kill(ofPam.parent, 'SIGALRM')
  await until(() => started.hasEnded || undefined)
  t.match(started.record, { status: 'Failed', statusMessage: /took longer than 60 seconds/ })
})

t.test('without the service of PAM jobs start all the same', async (t) => {
  const account = await makeAccount(t, { groups: ['t-group-c'] })
  const jobs = await startJobs(t, withPam('atelier-test-nowhere'))
  const done = await ended(jobs, job(account, 'id -Gn; umask'))
  t.equal(output(done), `${account.name} t-group-c\n0022\n`)
})

t.test('a hundred starts at once all become jobs', async (t) => {
  const account = await makeAccount(t)
  const { pam, notes } = notingService(t)
  const jobs = await startJobs(t, { pam })
  const starts = Array.from({ length: 100 }, () => ended(jobs, job(account, 'id -un')))
  const outputs = (await Promise.all(starts)).map(output)
  t.strictSame([...new Set(outputs)], [`${account.name}\n`])
  t.equal(notes().match(/close_session/g)?.length, 100)
})

t.test('the service that Atelier makes opens sessions on this system', async (t) => {
  const account = await makeAccount(t)
  const jobs = await startJobs(t, withPam(makePamService(t, serviceText(pamStyle()))))
  const done = await ended(jobs, job(account, 'id -un'))
  t.match(done.record, { status: 'Finished', exitCode: 0 })
  t.equal(output(done), `${account.name}\n`)
})
