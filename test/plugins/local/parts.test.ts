import t from 'tap'
import { parsePasswd, type Account } from '../../../src/accounts.ts'
import { refusal } from '../../../src/plugins/local/refusal.ts'
import { jobCommand } from '../../../src/plugins/local/command.ts'
import { endingOf } from '../../../src/plugins/local/ending.ts'
import { processesOfJob } from '../../../src/plugins/local/job-processes.ts'
import { shareTail } from '../../../src/plugins/local/output-follower.ts'
import { parseJobId, parseMemory } from '../../../src/plugins/local/proc.ts'
import { isLive, parseStat } from '../../../src/proc-stat.ts'
import type { Process } from '../../../src/plugins/local/processes.ts'
import { cpuPercent, cpuSeconds } from '../../../src/plugins/local/usage.ts'

const alice: Account = { name: 'alice', uid: 1000, gid: 100, home: '/home/a', shell: '/bin/sh' }

t.test('stat is read past whatever a command calls itself', async (t) => {
  const rest = 'S 7 8 9 0 -1 0 1 2 3 4 10 20 30 40 20 0 1 0 12345 1000 5'
  const expected = {
    pid: 42,
    state: 'S',
    parent: 7,
    group: 8,
    session: 9,
    terminal: 0,
    foreground: -1,
    startTime: 12345,
    cpuTicks: 100,
  }
  for (const name of ['sh', 'a b', ') R 1 1 1 (', 'x) S 1']) {
    t.same(parseStat(`42 (${name}) ${rest}\n`), { ...expected, command: name }, name)
  }
  for (const text of ['', '42', '42 (sh) S 1 2', '(sh) S']) t.equal(parseStat(text), undefined)
  t.same(
    ['R', 'S', 'T', 'Z', 'X'].map((state) => isLive({ state })),
    [true, true, true, false, false],
  )
})

t.test("a job's id is read from the environment", async (t) => {
  const cases: [environ: string, id: string | undefined][] = [
    ['ATELIER_JOB_ID=a\0B=1\0', 'a'],
    ['B=1\0ATELIER_JOB_ID=a', 'a'],
    ['XATELIER_JOB_ID=a\0', undefined],
    ['B=ATELIER_JOB_ID=a\0', undefined],
    ['ATELIER_JOB_ID=\0', ''],
    ['', undefined],
  ]
  for (const [environ, id] of cases) {
    t.equal(parseJobId(Buffer.from(environ)), id, JSON.stringify(environ))
  }
})

t.test('memory is read in bytes', async (t) => {
  const status = 'Name:\tsh\nVmSize:\t    2000 kB\nVmRSS:\t    1000 kB\n'
  t.same(parseMemory(status), { residentBytes: 1_024_000, virtualBytes: 2_048_000 })
  t.same(parseMemory('Name:\tkthreadd\n'), { residentBytes: 0, virtualBytes: 0 })
})

t.test('accounts are read from passwd, and refused for a reason', async (t) => {
  t.same(parsePasswd('alice:x:1000:100:Alice,,,:/home/a:/bin/sh\n'), alice)
  t.same(parsePasswd('alice:x:1000:100:::\n'), { ...alice, home: '/', shell: '/bin/sh' })
  t.equal(parsePasswd(''), undefined)
  const root = { ...alice, name: 'root', uid: 0 }
  const ask = (account: Account | undefined, ownUid: number, onlyUser?: string) =>
    refusal({ user: account?.name ?? 'alice', account, ownUid, onlyUser })
  t.equal(ask(alice, 0), undefined)
  t.equal(ask(alice, 1000), undefined)
  t.equal(ask(alice, 0, 'alice'), undefined)
  t.match(ask(alice, 1001), /does not run as root/)
  t.match(ask(alice, 0, 'bob'), /as bob only/)
  t.match(ask(undefined, 0), /no account alice/)
  t.match(ask(root, 0), /never run as root/)
})

t.test('the processes of a job are found, and nobody else', async (t) => {
  const process = (pid: number, parent: number, session: number, more: Partial<Process> = {}) => ({
    pid,
    parent,
    session,
    state: 'S',
    startTime: pid,
    cpuTicks: 0,
    uid: 1000,
    command: 'sleep',
    group: session,
    terminal: 0,
    foreground: -1,
    jobId: undefined,
    ...more,
  })
  const leader = process(10, 1, 10)
  const all = [
    leader,
    process(11, 10, 10),
    process(12, 11, 12),
    process(13, 1, 13, { jobId: 'j' }),
    process(14, 13, 14, { jobId: 'other' }),
    process(20, 1, 20),
    process(21, 20, 20, { jobId: 'other' }),
  ]
  const pids = (processes: Process[], start: number | null = 10) =>
    processesOfJob(processes, {
      id: 'j',
      uid: 1000,
      leader: start === null ? null : { pid: 10, startTime: start },
    }).map(({ pid }) => pid)
  t.same(pids(all), [11, 12, 13, 14], 'its session, its descendants, its environment')
  t.same(pids(all, 9), [13, 14], 'not a session whose number was given out again')
  t.same(pids(all, null), [13, 14])
  const orphans = [process(11, 1, 10), process(8, 1, 10), process(15, 1, 10, { uid: 0 })]
  t.same(pids(orphans), [11], 'of a session without a leader only what is ours and later')
})

t.test('how a job has ended follows from what is left of it', async (t) => {
  const end = (exitCode?: number, killRequested = false, rebooted = false) => {
    const ending = endingOf({ exitCode, killRequested, rebooted })
    return [ending.status, ending.exitCode, ending.statusMessage]
  }
  t.same(end(0), ['Finished', 0, ''])
  t.same(end(143), ['Finished', 143, 'Ended by SIGTERM.'])
  t.same(end(137), ['Finished', 137, 'Ended by SIGKILL.'])
  t.same(end(137, true), ['Killed', 137, ''])
  t.same(end(undefined, true), ['Killed', 137, ''])
  t.same(end(3, true), ['Finished', 3, ''], 'it ended by itself before the signal came')
  t.match(end(), ['Failed', null, /not known/])
  t.match(end(undefined, false, true), ['Failed', null, /server was restarted/])
})

t.test('CPU use is measured between two moments', async (t) => {
  t.equal(cpuSeconds([{ cpuTicks: 150 }, { cpuTicks: 50 }]), 2)
  t.equal(cpuPercent({ at: 1000, cpuSeconds: 1 }, { at: 3000, cpuSeconds: 4 }), 150)
  t.equal(cpuPercent({ at: 1000, cpuSeconds: 4 }, { at: 3000, cpuSeconds: 1 }), 0)
  t.equal(cpuPercent({ at: 1000, cpuSeconds: 1 }, { at: 1000, cpuSeconds: 1 }), 0)
})

t.test('a tail takes from both streams what there is', async (t) => {
  const share = (stdout: number, stderr: number) => Object.values(shareTail({ stdout, stderr }, 10))
  t.same(
    [share(100, 100), share(2, 100), share(100, 2), share(0, 3), share(3, 0)],
    [
      [5, 5],
      [2, 8],
      [8, 2],
      [0, 3],
      [3, 0],
    ],
  )
})

t.test('no variable of a job has its own name while root still runs', async (t) => {
  const environment = { LD_PRELOAD: '/home/a/evil.so', PATH: '/home/a/bin', TOKEN: 'secret' }
  const place = { directory: '/d', account: alice, workingDirectory: '/' }
  const command = jobCommand({ ...place, command: { exe: 'x', args: [], environment } })
  t.notOk('LD_PRELOAD' in command.environment)
  t.equal(command.environment['PATH'], '/usr/local/bin:/usr/bin:/bin')
  t.notMatch(command.args.join(' '), /secret|evil/)
  t.match(command.args.join(' '), 'setpriv --reuid=1000 --regid=100 --init-groups')
})
