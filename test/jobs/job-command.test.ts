import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Ides } from '../../src/ides/ides.ts'
import type { LanguageVersion } from '../../src/ides/language-version.ts'
import { checkRequest } from '../../src/jobs/check-request.ts'
import { JobCommands } from '../../src/jobs/job-commands.ts'
import { jobCommand, type JobContext } from '../../src/jobs/job-command.ts'
import type { JobKind, JobRequest } from '../../src/jobs/workbench-job.ts'
import { TEST_CACHE } from '../fixtures/atelier.ts'
import { silent } from '../fixtures/silent-log.ts'

const ODD = [
  'two words',
  '-e',
  '--args',
  '-g',
  `'; exit 9; '`,
  '$(exit 9)',
  '`exit 9`',
  '*',
  '',
  'ü',
]
const nightly = { exe: '/bin/echo', args: ['a b'], arguments: true }
const context: JobContext = {
  home: '/home/ada',
  versions: {},
  commands: { nightly, fixed: { ...nightly, arguments: false } },
}

function request(changes: Partial<JobRequest> = {}): JobRequest & { id: string; user: string } {
  return {
    id: 'job1',
    user: 'ada',
    name: 'n',
    kind: 'shell',
    script: null,
    command: null,
    args: [],
    environment: {},
    workingDirectory: null,
    python: null,
    r: null,
    cluster: null,
    profile: null,
    webhook: null,
    ...changes,
  }
}

function version(language: 'python' | 'r', program: string): LanguageVersion {
  const place = { source: 'opt', name: 'x', prefix: '/x', kernel: true } as const
  return { id: program, language, version: '1.0', label: `${language} 1.0`, program, ...place }
}

/** A folder with a job's own folder in it, short enough for the sockets of kernels. */
function place(t: Test): string {
  const directory = mkdtempSync('/tmp/job-')
  t.teardown(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'own'))
  return directory
}

/** Writes a file and runs it as a job does. */
async function run(
  t: Test,
  kind: JobKind,
  file: { name: string; text?: string },
  more: { args?: string[]; versions?: JobContext['versions']; environment?: object } = {},
) {
  const directory = place(t)
  const script = join(directory, file.name)
  if (file.text !== undefined) writeFileSync(script, file.text)
  const commands = new JobCommands({
    homeOf: async () => '/home/ada',
    versions: { choose: async () => more.versions ?? {} },
    ides: new Ides({ directory: join(TEST_CACHE, 'ides'), path: '', log: silent }),
    commands: () => context.commands,
  })
  const command = await commands.of(request({ kind, script, args: more.args ?? [] }))
  const { stdout, stderr, status } = spawnSync(command.exe, command.args, {
    cwd: command.workingDirectory,
    encoding: 'utf8',
    env: {
      PATH: '/usr/bin:/bin',
      HOME: directory,
      LANG: 'C.UTF-8',
      ATELIER_DIRECTORY: join(directory, 'own'),
      ...command.environment,
      ...more.environment,
    },
  })
  return { directory, stdout, stderr, status }
}

t.test('a file is run where it is, a command at home, and both know the id of their job', (t) => {
  const file = jobCommand(
    request({
      script: '/d/a.sh',
      args: ['x y'],
      environment: { A: '1', ATELIER_WORKBENCH_JOB_ID: 'no' },
    }),
    context,
  )
  t.match(file, { exe: '/bin/sh', workingDirectory: '/d' })
  t.strictSame(file.args.slice(-2), ['/d/a.sh', 'x y'])
  t.strictSame(file.environment, { A: '1', ATELIER_WORKBENCH_JOB_ID: 'job1' })
  const chosen = jobCommand(request({ script: '/d/a.sh', workingDirectory: '/w' }), context)
  t.equal(chosen.workingDirectory, '/w')
  t.strictSame(
    jobCommand(request({ kind: 'command', command: 'nightly', args: ['c d'] }), context),
    {
      exe: '/bin/echo',
      args: ['a b', 'c d'],
      environment: { ATELIER_WORKBENCH_JOB_ID: 'job1' },
      workingDirectory: '/home/ada',
    },
  )
  t.end()
})

t.test('what cannot be run is told before anything runs', (t) => {
  const cases: [changes: Partial<JobRequest>, code: string][] = [
    [{ kind: 'command', command: 'other' }, 'COMMAND_UNKNOWN'],
    [{ kind: 'command', command: 'toString' }, 'COMMAND_UNKNOWN'],
    [{ kind: 'command', command: 'fixed', args: ['more'] }, 'BAD_REQUEST'],
    [{ kind: 'command', command: 'nightly', script: '/a' }, 'BAD_REQUEST'],
    [{ kind: 'shell' }, 'BAD_REQUEST'],
    [{ script: '/a', command: 'nightly' }, 'BAD_REQUEST'],
    [{ script: 'a.sh' }, 'BAD_REQUEST'],
    [{ script: '/a', workingDirectory: 'w' }, 'BAD_REQUEST'],
    [{ script: '/a\0b' }, 'BAD_REQUEST'],
    [{ script: '/a', args: ['\0'] }, 'BAD_REQUEST'],
    [{ script: '/a', environment: { 'A-B': '' } }, 'BAD_REQUEST'],
    [{ script: '/a', environment: { ATELIER_TOKEN: '' } }, 'BAD_REQUEST'],
    [{ kind: 'notebook', script: '/a', args: ['x'] }, 'BAD_REQUEST'],
  ]
  for (const [changes, code] of cases) {
    t.throws(
      () => checkRequest(request(changes), context.commands),
      { code },
      JSON.stringify(changes),
    )
  }
  checkRequest(request({ script: '/a', args: ODD, environment: { A_1: '$x' } }), context.commands)
  checkRequest(request({ kind: 'command', command: 'nightly', args: ['x'] }), context.commands)
  const notebook = request({ kind: 'notebook', script: '/a.ipynb' })
  t.throws(() => jobCommand(notebook, context), { code: 'IDE_MISSING' })
  t.end()
})

t.test('arguments reach a file as they are, and its exit code is that of the job', async (t) => {
  const lines = ODD.join('\n')
  const shell = await run(
    t,
    'shell',
    { name: `it's a "$x".sh`, text: 'printf "%s\\n" "$@"; exit 7' },
    { args: ODD },
  )
  t.strictSame([shell.stdout, shell.stderr, shell.status], [`${lines}\n`, '', 7])
  const text = 'import os, sys\nprint("\\n".join(sys.argv[1:]))\nos._exit(7)'
  const python = await run(t, 'python', { name: '-a b.py', text }, { args: ODD })
  t.strictSame([python.stdout, python.status], [`${lines}\n`, 7], 'nothing is held back')
  const r = await run(
    t,
    'r',
    { name: 'a b.R', text: 'writeLines(commandArgs(TRUE)); quit(status = 7)' },
    { args: ODD },
  )
  t.strictSame([r.stdout, r.status], [`${lines}\n`, 7])
})

t.test('a shell file is run by what its first line names, else by bash', async (t) => {
  const shellOf = (text: string) => run(t, 'shell', { name: 'a', text })
  const bash = await shellOf('echo "${BASH_VERSION:+bash}"')
  t.equal(bash.stdout, 'bash\n')
  t.equal((await shellOf('#!/bin/sh\necho "${BASH_VERSION:-none}"')).stdout, 'none\n')
  t.equal((await shellOf('#! /usr/bin/env  python3 \nprint(1 + 1)')).stdout, '2\n')
  t.equal((await shellOf('#!/bin/sh -e\nfalse\necho no')).status, 1)
  const missing = await shellOf('#!/no/where -x\n')
  t.match(missing.stderr, /^atelier: The first line of \S+ names \/no\/where, which is not on/)
  t.equal(missing.status, 127)
})

t.test('a file or a program that is missing is told in a sentence', async (t) => {
  const missing = await run(t, 'python', { name: 'missing.py' })
  t.match(missing, { status: 127, stderr: /^atelier: There is no file \S+missing\.py on this/ })
  const folder = await run(t, 'r', { name: 'own' })
  t.match(folder, { status: 126, stderr: /own is a folder, not a file/ })
  const bare = { environment: { PATH: '/nowhere' } }
  const python = await run(t, 'python', { name: 'a.py', text: '' }, bare)
  t.match(python, { status: 127, stderr: /^atelier: There is no Python on this server: python3/m })
  const gone = { versions: { r: version('r', "/it's/gone/bin/R") } }
  const r = await run(t, 'r', { name: 'a.R', text: '' }, gone)
  t.match(r, { status: 127, stderr: /r 1\.0 is not on this server: there is no \/it's\/gone/ })
})

t.test('the chosen Python runs the file and all that the file starts', async (t) => {
  const home = place(t)
  const program = join(home, 'mine')
  writeFileSync(program, '#!/bin/sh\necho "mine $*"\n', { mode: 0o755 })
  const chosen = { versions: { python: version('python', program) } }
  const direct = await run(t, 'python', { name: 'a.py', text: '' }, chosen)
  t.match(direct.stdout, /^mine -u \S+a\.py\n$/)
  const inside = await run(t, 'shell', { name: 'a.sh', text: 'python3 x' }, chosen)
  t.equal(inside.stdout, 'mine x\n')
  const elsewhere = { ...chosen, environment: { ATELIER_DIRECTORY: '' } }
  t.match((await run(t, 'python', { name: 'a.py', text: '' }, elsewhere)).stdout, /^mine -u/)
})

function notebook(sources: readonly string[], kernel?: { name: string; language: string }) {
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    id: `c${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }))
  const metadata = kernel ? { kernelspec: { ...kernel, display_name: 'K' } } : {}
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells })
}

/** The outputs of each cell in the executed notebook beside it. */
function executed(directory: string): { output_type: string }[][] {
  const text = readFileSync(join(directory, 'a b.job1.ipynb'), 'utf8')
  const { cells } = JSON.parse(text) as { cells: { outputs: { output_type: string }[] }[] }
  return cells.map(({ outputs }) => outputs)
}

t.test(
  'a notebook is executed cell by cell, and what it puts out is printed and kept',
  async (t) => {
    const text = notebook([
      'import os, sys\nprint(os.getcwd())\nprint("oops", file=sys.stderr)',
      '6 * 7',
      'sorted(name for name in os.environ if name.startswith("ATELIER_"))',
    ])
    const ran = await run(t, 'notebook', { name: 'a b.ipynb', text })
    const names = "['ATELIER_DIRECTORY', 'ATELIER_WORKBENCH_JOB_ID']"
    t.equal(ran.stdout, `${ran.directory}\n42\n${names}\n`)
    t.match(ran, { status: 0, stderr: /^oops$/m })
    t.match(executed(ran.directory), [
      [{ output_type: 'stream' }, { output_type: 'stream' }],
      [{ output_type: 'execute_result' }],
    ])
  },
)

t.test('a notebook ends at the cell that fails, and keeps what there is', async (t) => {
  const text = notebook(['print("before")', '1 / 0', 'print("never")'])
  const { stdout, stderr, status, directory } = await run(t, 'notebook', {
    name: 'a b.ipynb',
    text,
  })
  t.strictSame([stdout, status], ['before\n', 1])
  t.match(stderr, /ZeroDivisionError[^]*atelier: Cell 2 has failed/)
  t.match(executed(directory), [[{ text: ['before\n'] }], [{ output_type: 'error' }], []])
})

t.test('a notebook of R is run by R, by the chosen one if there is one', async (t) => {
  const ir = { name: 'ir', language: 'R' }
  const text = notebook(['cat("in R\\n")', 'stop("no")'], ir)
  const usual = await run(t, 'notebook', { name: 'a b.ipynb', text })
  t.match(usual, { stdout: 'in R\n', status: 1, stderr: /Cell 2 has failed/ })
  const folder = place(t)
  const program = join(folder, 'R')
  writeFileSync(program, '#!/bin/sh\nCHOSEN=yes exec /usr/bin/R "$@"\n', { mode: 0o755 })
  const versions = { r: version('r', program) }
  const again = notebook(['cat(Sys.getenv("CHOSEN"))'], ir)
  const chosen = await run(t, 'notebook', { name: 'a b.ipynb', text: again }, { versions })
  t.match(chosen, { stdout: 'yes', status: 0 })
})

t.test('a notebook that cannot be executed is told in a sentence', async (t) => {
  const julia = notebook(['1'], { name: 'julia-1', language: 'julia' })
  const none = await run(t, 'notebook', { name: 'a.ipynb', text: julia })
  t.match(none, {
    status: 1,
    stderr: /atelier: The notebook wants the kernel julia-1, and there are/,
  })
  const broken = await run(t, 'notebook', { name: 'b.ipynb', text: '{' })
  t.match(broken, { status: 1, stderr: /atelier: \S+b\.ipynb is no notebook/ })
})
