// Jobs as they become those of real accounts: by src/pam/session.ts as it is built in dist/, as root.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { submittedJob } from '../../../src/launcher/protocol-schemas.ts'
import type { Login } from '../../../src/plugins/local/command.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import type { LocalJob } from '../../../src/plugins/local/job.ts'
import { LocalJobs } from '../../../src/plugins/local/jobs.ts'
import { TrackingCgroups } from '../../../src/plugins/local/tracking-cgroups.ts'
import { plainJobs } from './fixtures/plain-jobs.ts'
import { PamSessions } from '../../../src/plugins/local/pam-sessions.ts'
import { isRoot, makeAccount, type TestAccount } from '../../fixtures/accounts.ts'
import { BY_PASSWORD, makePamService } from '../../fixtures/pam-service.ts'
import { shortDirectory, SILENT, until } from '../../launcher/fixtures/launcher-fixture.ts'

const PROGRAM = fileURLToPath(new URL('../../../dist/src/pam/session.js', import.meta.url))
const PERMIT = 'session required pam_permit.so'

if (!isRoot) t.plan(0, 'only root can make accounts')

async function startJobs(t: Test, login: Partial<Login> = {}): Promise<LocalJobs> {
  const configured = { umask: '0022', homeMarker: undefined, pam: undefined, ...login }
  const scratchPath = shortDirectory(t)
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

const withPam = (service: string) => ({ pam: { service, program: [execPath, PROGRAM] } })

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

t.test(
  'a job has the limits, groups and variables of a PAM session, and it is closed',
  async (t) => {
    const folder = t.testdir({
      limits: '',
      env: 'FROM_PAM DEFAULT=a\\ b\nLD_PRELOAD DEFAULT=/none.so\n',
    })
    const account = await makeAccount(t, { groups: ['t-group-b'] })
    writeFileSync(join(folder, 'limits'), `${account.name} - nofile 123\n`)
    writeFileSync(join(folder, 'note'), '#!/bin/sh\necho "$PAM_TYPE $PAM_USER" >>"$1"\n')
    chmodSync(join(folder, 'note'), 0o755)
    const service = makePamService(
      t,
      ...BY_PASSWORD,
      `session required pam_limits.so conf=${folder}/limits`,
      `session required pam_env.so conffile=${folder}/env readenv=0`,
      `session required pam_exec.so ${folder}/note ${folder}/notes`,
    )
    const jobs = await startJobs(t, { ...withPam(service), umask: '0027' })
    const script = 'ulimit -Sn; ulimit -Hn; id -Gn; id -un; umask; echo "$FROM_PAM"; exit 5'
    const done = await ended(jobs, job(account, script))
    const { name } = account
    t.equal(output(done), `123\n123\n${name} t-group-b\n${name}\n0027\na b\n`)
    t.match(done.record, { status: 'Finished', exitCode: 5 })
    const notes = readFileSync(join(folder, 'notes'), 'utf8')
    t.equal(notes, `open_session ${name}\nclose_session ${name}\n`)
    t.match(errors(done), /none\.so/, 'what PAM sets reaches nobody but the account')
  },
)
