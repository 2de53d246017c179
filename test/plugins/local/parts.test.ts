import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parsePasswd, type Account } from '../../../src/accounts.ts'
import { PluginError } from '../../../src/launcher/plugin-error.ts'
import { refusal } from '../../../src/plugins/local/refusal.ts'
import { jobCommand } from '../../../src/plugins/local/command.ts'
import { endingOf } from '../../../src/plugins/local/ending.ts'
import { processesOfJob } from '../../../src/plugins/local/job-processes.ts'
import { shareTail } from '../../../src/plugins/local/output-follower.ts'
import { parseJobId, parseMemory } from '../../../src/plugins/local/proc.ts'
import { isLive, parseStat } from '../../../src/proc-stat.ts'
import type { Process } from '../../../src/plugins/local/processes.ts'
import { cpuPercent, cpuSeconds } from '../../../src/plugins/local/usage.ts'

const login = { umask: '0022', homeMarker: undefined, pam: undefined }
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
    refusal(account?.name ?? 'alice', account, {
      ownUid,
      onlyUser,
      minimumUid: 1000,
      serverUid: 2000,
      serverGid: 2001,
    })
  t.equal(ask(alice, 0), undefined)
  t.equal(ask(alice, 1000), undefined)
  t.equal(ask(alice, 0, 'alice'), undefined)
  t.match(ask(alice, 1001), /does not run as root/)
  t.match(ask(alice, 0, 'bob'), /as bob only/)
  t.match(ask(undefined, 0), /no account alice/)
  t.match(ask(root, 0), /never run as root/)
  const daemon = { ...alice, name: 'daemon', uid: 999 }
  t.match(ask(daemon, 0), /account of the system \(uid 999 is below 1000\)/)
  t.equal(ask(daemon, 0, 'daemon'), undefined, 'the one account that the operator has named')
  t.equal(ask(daemon, 999), undefined, 'a Launcher of that account itself')
  const server = { ...alice, name: 'web', uid: 2000 }
  t.match(ask(server, 0), /as web, the account of the server itself/)
  t.match(ask(server, 0, 'web'), /as web, the account of the server itself/)
  t.match(ask(root, 0, 'root'), /never run as root/)
  const member = { ...alice, gid: 2001 }
  t.match(ask(member, 0), /has the group of the server's own account/)
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
  const pids = (processes: Process[], start: number | null = 10, confined: number[] = []) =>
    processesOfJob(processes, {
      id: 'j',
      uid: 1000,
      confined: new Set(confined),
      leader: start === null ? null : { pid: 10, startTime: start },
    }).map(({ pid }) => pid)
  t.same(pids(all), [11, 12, 13, 14], 'its session, its descendants, its environment')
  t.same(pids(all, 9), [13, 14], 'not a session whose number was given out again')
  t.same(pids(all, null), [13, 14])
  const orphans = [process(11, 1, 10), process(8, 1, 10), process(15, 1, 10, { uid: 0 })]
  t.same(pids(orphans), [11], 'of a session without a leader only what is ours and later')
  t.same(pids(all, null, [10, 20, 99]), [10, 11, 12, 13, 14, 20, 21], 'its cgroups')
  t.same(pids(all, 10, [10]), [11, 12, 13, 14], 'its leader never')
  const strangers = [
    leader,
    process(11, 10, 10),
    process(12, 11, 12, { uid: 0 }),
    process(13, 1, 13, { uid: 1001, jobId: 'j' }),
    process(14, 13, 14, { uid: 1001, jobId: 'j' }),
    process(15, 10, 10, { uid: 0, jobId: 'j' }),
  ]
  t.same(pids(strangers), [11, 12, 15], 'another account that takes its id is no part of it')
})

t.test('how a job has ended follows from what is left of it', async (t) => {
  const end = (exitCode?: number, killRequested = false, rebooted = false, trouble = '') => {
    const ending = endingOf({ exitCode, killRequested, rebooted, trouble })
    return [ending.status, ending.exitCode, ending.statusMessage]
  }
  t.same(end(0), ['Finished', 0, ''])
  t.same(end(143), ['Finished', 143, 'Ended by SIGTERM.'])
  t.same(end(137), ['Finished', 137, 'Ended by SIGKILL.'])
  t.same(end(137, true), ['Killed', 137, ''])
  t.same(end(undefined, true), ['Killed', 137, ''])
  t.same(end(3, true), ['Finished', 3, ''], 'it ended by itself before the signal came')
  t.same(end(126, false, false, 'No home.'), ['Failed', null, 'No home.'])
  t.same(end(142, false, false, 'Too slow.'), ['Failed', null, 'Too slow.'])
  t.same(end(3, false, false, 'No home.'), ['Finished', 3, ''], 'it was stopped before that')
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
  const place = { directory: '/d', account: alice, become: true, login, workingDirectory: '/' }
  const command = jobCommand({ ...place, command: { exe: 'x', args: [], environment } })
  t.notOk('LD_PRELOAD' in command.environment)
  t.equal(command.environment['PATH'], '/usr/local/bin:/usr/bin:/bin')
  t.notMatch(command.args.join(' '), /secret|evil/)
  t.match(command.args.join(' '), 'setpriv --reuid=1000 --regid=100 --init-groups')
})

t.test('what the kernel says of a process is read whatever its name is', async () => {
  const field = fc.nat({ max: 2 ** 31 })
  const fields = fc.array(field, { minLength: 49, maxLength: 49 })
  const name = fc.string({ unit: fc.constantFrom(...'() \n0aSR'.split('')), maxLength: 15 })
  fc.assert(
    fc.property(
      field,
      name,
      fc.constantFrom(...'RSDZTX'.split('')),
      fields,
      (pid, comm, state, rest) => {
        assert.deepEqual(parseStat(`${pid} (${comm}) ${state} ${rest.join(' ')}\n`), {
          pid,
          command: comm,
          state,
          parent: rest[0],
          group: rest[1],
          session: rest[2],
          terminal: rest[3],
          foreground: rest[4],
          startTime: rest[18],
          cpuTicks: rest.slice(10, 14).reduce((sum, ticks) => sum + ticks, 0),
        })
      },
    ),
  )
  const junk = fc.string({ unit: fc.constantFrom(...'() 12S\n'.split('')), maxLength: 80 })
  fc.assert(fc.property(junk, (text) => void parseStat(text)))
})

t.test("a job's id is read from any environment, and memory from any status", async () => {
  const word = fc.stringMatching(/^[A-Z_]{1,15}$/).filter((each) => each !== 'ATELIER_JOB_ID')
  const value = fc.string({ unit: 'binary' }).map((each) => each.replaceAll('\0', ''))
  const others = fc.array(fc.tuple(word, value).map((pair) => pair.join('=')))
  fc.assert(
    fc.property(others, others, fc.stringMatching(/^[\w-]*$/), (before, after, id) => {
      const environ = (entries: readonly string[]) => Buffer.from(`${entries.join('\0')}\0`)
      assert.equal(parseJobId(environ([...before, `ATELIER_JOB_ID=${id}`, ...after])), id)
      assert.equal(parseJobId(environ([...before, ...after])), undefined)
    }),
  )
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.stringMatching(/^[a-z:]*$/), (size, resident, name) => {
      const status = `Name:\t${name}\nVmPeak:\t9 kB\nVmSize:\t${size} kB\nVmRSS:\t  ${resident} kB\n`
      const bytes = { virtualBytes: size * 1024, residentBytes: resident * 1024 }
      assert.deepEqual(parseMemory(status), bytes)
    }),
  )
})

t.test('an account is read from its line, and from nothing that is no line of passwd', async () => {
  const field = fc.stringMatching(/^[^:\s][^:\n\r]*$/).map((each) => each.trimEnd())
  const id = fc.nat({ max: 2 ** 32 - 1 })
  fc.assert(
    fc.property(field, id, id, field, field, (name, uid, gid, home, shell) => {
      const line = `${name}:x:${uid}:${gid}:a comment:${home}:${shell}\n`
      assert.deepEqual(parsePasswd(line), { name, uid, gid, home, shell })
    }),
  )
  const junk = fc.string({ unit: fc.constantFrom(...':x1-.e\n '.split('')), maxLength: 30 })
  fc.assert(
    fc.property(fc.oneof(junk, fc.string({ unit: 'binary' })), (line) => {
      const account = parsePasswd(line)
      if (account === undefined) return
      for (const each of [account.uid, account.gid])
        assert.ok(Number.isSafeInteger(each) && each >= 0)
    }),
    { numRuns: 2000 },
  )
})

t.test('a tail takes no more than it may, and leaves nothing that would fit', async () => {
  const bytes = fc.nat({ max: 1000 })
  fc.assert(
    fc.property(bytes, bytes, bytes, (out, err, most) => {
      const share = shareTail({ stdout: out, stderr: err }, most)
      assert.ok(
        share.stdout >= 0 && share.stdout <= out && share.stderr >= 0 && share.stderr <= err,
      )
      assert.equal(share.stdout + share.stderr, Math.min(most, out + err))
    }),
  )
})

t.test('a variable of a job arrives as it was written, or the job is refused', async () => {
  const name = fc.oneof(fc.stringMatching(/^\w*$/), fc.constant('ATELIER_ENV_0'), fc.string())
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'binary' })), (environment) => {
      const command = { exe: 'x', args: [], environment }
      const place = { directory: '/d', account: alice, become: true, login, workingDirectory: '/' }
      try {
        const { environment: given } = jobCommand({ ...place, command })
        const count = Object.keys(environment).length
        const entries = Array.from({ length: count }, (_, index) => given[`ATELIER_ENV_${index}`])
        const written = Object.entries(environment).map((pair) => pair.join('='))
        assert.deepEqual(entries, written)
        assert.equal(given['ATELIER_ENV_COUNT'], String(count))
        assert.equal(
          Object.keys(given).filter((name) => name.startsWith('ATELIER_ENV_')).length,
          count + 1,
        )
      } catch (error) {
        assert.ok(error instanceof PluginError)
      }
    }),
  )
})
