import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Member, takesSessions } from '../../cluster/index.ts'
import { Placement } from '../../src/sessions/placement.ts'
import { PlacementProgram } from '../../src/sessions/placement-program.ts'
import { memberOf, META } from '../cluster/cluster-of.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const NEVER_MS = 3_600_000
const members = [
  memberOf('a', { url: 'http://node-a.example:8787' }),
  memberOf('b', { url: 'https://node-b.example' }),
  memberOf('c', { url: 'http://[fd00::3]:80/' }),
  memberOf('drained', { meta: { ...META, draining: true } }),
]
const candidates = members.filter(takesSessions)

/** A program with this text, which may name its own folder as DIRECTORY. */
function program(t: Test, text: string, { mode = 0o755, timeout = NEVER_MS } = {}) {
  const directory = t.testdir()
  const file = join(directory, 'choose')
  writeFileSync(file, text.replaceAll('DIRECTORY', directory))
  chmodSync(file, mode)
  const choose = (user = 'ada') =>
    new PlacementProgram({ program: file, timeout }).choose(user, candidates)
  return { file, choose, read: (name: string) => readFileSync(join(directory, name), 'utf8') }
}

const sh = (script: string) => `#!/bin/sh\n${script}\n`

/** True once the process runs no more; one that nobody has reaped yet is dead too. */
function isGone(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid.trim()}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

t.test('what a program prints is the node, by its name or by its host and port', async (t) => {
  const cases: [printed: string, node: string][] = [
    ['b', 'b'],
    ['node-a.example:8787', 'a'],
    ['node-b.example:443', 'b'],
    ['[fd00::3]:80', 'c'],
    ['  c  ', 'c'],
  ]
  for (const [printed, node] of cases) {
    await t.test(printed, async (t) => {
      t.equal(await program(t, sh(`echo '${printed}'`)).choose(), node)
    })
  }
  t.equal(await program(t, sh('printf a')).choose(), 'a', 'without an end of the line')
  const python = program(
    t,
    '#!/usr/bin/env python3\nimport os\nprint(os.environ["RSTUDIO_NODES"].split(",")[1])\n',
  )
  t.equal(await python.choose(), 'b', 'as one for Posit does')
})

t.test('it is told the user and the candidates, and nothing else', async (t) => {
  const told = {
    ATELIER_NODES: 'a,b,c',
    ATELIER_USER: 'ada $(id) "x"',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    RSTUDIO_NODES: 'node-a.example:8787,node-b.example:443,[fd00::3]:80',
    RSTUDIO_USERNAME: 'ada $(id) "x"',
  }
  const { choose, read } = program(
    t,
    sh('cat /proc/$$/environ > DIRECTORY/environment; cat > DIRECTORY/input; echo "$#"'),
  )
  await t.rejects(choose('ada $(id) "x"'), /printed "0"/, 'it has no arguments')
  const variables = read('environment')
    .split('\0')
    .filter((each) => each !== '')
  // What tap itself gives to every process.
  const ours = variables.filter((each) => !/^(_TAPJS_|NODE_OPTIONS=)/.test(each))
  t.strictSame(
    ours.toSorted(),
    Object.entries(told).map(([name, value]) => `${name}=${value}`),
  )
  t.equal(read('input'), '')
})

t.test('what is wrong with a program is said in a printable sentence', async (t) => {
  const cases: [what: string, script: string, problem: RegExp][] = [
    ['an unknown node', 'echo z', /^printed "z", which is no node that takes sessions$/],
    ['a node that is being drained', 'echo drained', /printed "drained", which is no node/],
    ['several lines', 'echo a; echo b', /printed several lines: "a\?b"$/],
    ['nothing', 'true', /printed nothing$/],
    ['only blanks', 'echo; echo', /printed nothing$/],
    ['rubbish', 'printf "\\033[31m\\000\\377\\r\\342\\200\\256"', /printed "[ -~]+", which/],
    ['a long line', 'printf "%0200d" 7', /printed "0{80}\.\.\.", which/],
    ['an exit code', 'echo a; exit 3', /ended with 3$/],
    [
      'last words',
      'echo one >&2; echo "no \\007 database" >&2; exit 1',
      /ended with 1: no \? database$/,
    ],
    ['a signal', 'echo a; kill -SEGV $$', /ended with SIGSEGV$/],
    ['100 MB', 'head -c 100000000 /dev/zero', /wrote more than 64 KiB$/],
    ['100 MB of complaints', 'echo a; head -c 100000000 /dev/zero >&2', /wrote more than 64 KiB$/],
    [
      'without an end',
      'trap "" TERM PIPE; while :; do echo a 2>/dev/null; done',
      /wrote more than 64 KiB$/,
    ],
  ]
  for (const [what, script, problem] of cases) {
    await t.test(what, async (t) => {
      const { choose } = program(t, sh(script))
      const { message } = await choose().then(
        (node) => new Error(`it chose ${node}`),
        (error: Error) => error,
      )
      t.match(message, problem)
      t.match(message, /^[\x20-\x7e]+$/)
    })
  }
})

t.test('a program that cannot be run says so', async (t) => {
  await t.rejects(program(t, sh('echo a'), { mode: 0o644 }).choose(), /cannot be run \(EACCES\)$/)
  await t.rejects(program(t, '#!/nowhere/sh\n').choose(), /cannot be run \(ENOENT\)$/)
  const missing = new PlacementProgram({ program: '/nowhere/choose', timeout: NEVER_MS })
  await t.rejects(missing.choose('ada', candidates), /^cannot be run \(ENOENT\)$/)
  await t.rejects(program(t, sh('echo a')).choose('a\0b'), /cannot be run/)
})

t.test('one that hangs is killed with all that it started', async (t) => {
  const hangs = sh('trap "" TERM; sleep 1000 & echo $! $$ > DIRECTORY/pids; echo a; wait; wait')
  const { choose, read } = program(t, hangs, { timeout: 1000 })
  await t.rejects(choose(), /took longer than 1 s$/)
  const pids = read('pids').trim().split(' ')
  t.equal(pids.length, 2)
  await until(() => pids.every(isGone))
})

t.test('what it leaves behind is killed, and not waited for', async (t) => {
  const { choose, read } = program(t, sh('sleep 1000 & echo $! > DIRECTORY/pid; echo b'))
  t.equal(await choose(), 'b')
  await until(() => isGone(read('pid')))
})

t.test('what has left its group is waited for no longer than the time limit', async (t) => {
  const leaves = sh('setsid sleep 1000 & echo $! > DIRECTORY/pid; sleep 0.2; echo b')
  const { choose, read } = program(t, leaves, { timeout: 1000 })
  await t.rejects(choose(), /took longer than 1 s$/)
  process.kill(Number(read('pid')), 'SIGKILL')
})

t.test('a broken program keeps nobody from working', async (t) => {
  const warned: unknown[] = []
  const placement = (file: string) =>
    new Placement({
      members: () => members as readonly Member[],
      sessions: () => [],
      strategy: 'sessions',
      program: new PlacementProgram({ program: file, timeout: NEVER_MS }),
      log: { ...silent, warn: (what: unknown) => void warned.push(what) },
    }).place({ user: 'ada', seed: 's' }, async (node) => node)
  t.equal(await placement('/nowhere/choose'), 'a')
  t.match(warned, [{ problem: 'cannot be run (ENOENT)' }])
  t.equal(await placement(program(t, sh('echo drained')).file), 'a')
  t.equal(warned.length, 2)
  t.equal(await placement(program(t, sh('echo c')).file), 'c')
  t.equal(warned.length, 2)
})
