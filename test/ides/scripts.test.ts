import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import type { IdeContext } from '../../src/ides/ide.ts'
import { jupyterScript } from '../../src/ides/jupyter-script.ts'
import type { ChosenVersions } from '../../src/ides/language-version.ts'
import { rstudioScript } from '../../src/ides/rstudio-script.ts'
import type { RServer } from '../../src/ides/rstudio-server.ts'
import { vscodeScript } from '../../src/ides/vscode-script.ts'
import { printer } from './fixtures/build.ts'

const rserver: RServer = {
  file: '/p',
  version: null,
  options: new Set(['www-socket', 'rsession-config-file', 'rsession-path']),
  rsession: '/p/rsession',
}

/** A session's folder whose path leaves room for that of a socket. */
function shortPlace(t: Test): string {
  const place = mkdtempSync('/tmp/of mine-')
  t.teardown(() => rmSync(place, { recursive: true }))
  return place
}

const HOMES = ['home', 'two words', `d'Arc "and" $(id) \`id\` \\ *`, '-dash', 'ünïcode']

/** Runs a script as a back end does; answers the lines that the program in it printed. */
function run(script: string, directory: string, environment: Record<string, string> = {}) {
  const result = spawnSync('/bin/sh', ['-c', script], {
    cwd: '/',
    encoding: 'utf8',
    env: {
      PATH: '/usr/bin:/bin',
      ATELIER_SOCKET: join(directory, 'the socket'),
      ATELIER_DIRECTORY: directory,
      ...environment,
    },
  })
  if (result.status !== 0) throw new Error(result.stderr)
  return result.stdout.trimEnd().split('\n')
}

function places(t: Test, name: string) {
  const directory = t.testdir()
  const home = join(directory, name)
  const scratch = join(directory, 'session of mine')
  mkdirSync(home)
  mkdirSync(scratch)
  const context: IdeContext = { sessionId: 'i', prefix: '/s/i', home, secret: 'hush' }
  return { directory, home, scratch, context }
}

for (const name of HOMES) {
  t.test(`Jupyter starts in a home called ${name}`, async (t) => {
    const { directory, home, scratch, context } = places(t, name)
    const program = await printer(directory)
    const lines = run(jupyterScript(program, dirname(program), 'lab', context), scratch)
    t.equal(lines[0], `PWD=${home}`)
    t.equal(lines[1], `PATH=${dirname(program)}:/usr/bin:/bin`)
    t.ok(lines.includes(`--ServerApp.root_dir=${home}`))
    t.ok(lines.includes(`--ServerApp.sock=${scratch}/the socket`))
    t.ok(lines.includes('--ServerApp.base_url=/s/i/'))
    t.ok(lines.includes('--ServerApp.tornado_settings={"xsrf_cookie_kwargs":{"path":"/s/i/"}}'))
  })

  t.test(`VS Code starts in a home called ${name} and shares the settings there`, async (t) => {
    const { directory, home, scratch, context } = places(t, name)
    const program = await printer(directory)
    const lines = run(vscodeScript([program, '/an entry.js'], context), scratch)
    t.equal(lines[0], `PWD=${home}`)
    t.equal(lines[2], '/an entry.js')
    t.equal(lines.at(-1), home)
    t.ok(lines.includes(`${scratch}/the socket`))
    t.ok(lines.includes('--disable-proxy'), 'no port of the server can be reached through it')
    t.equal(readlinkSync(join(scratch, 'vscode/User')), `${home}/.local/share/atelier/vscode/User`)
  })
}

for (const name of HOMES) {
  t.test(`RStudio starts in a home called ${name}`, async (t) => {
    const { directory, home, context } = places(t, name)
    const scratch = shortPlace(t)
    const file = await printer(directory)
    const lines = run(rstudioScript({ ...rserver, file }, context), scratch)
    t.equal(lines[0], `PWD=${home}`)
    t.ok(lines.includes(`--www-socket=${scratch}/the socket`))
    t.ok(lines.includes(`--rsession-config-file=${scratch}/rstudio/rsession.conf`))
    t.ok(lines.includes(`--rsession-path=${scratch}/rstudio/rsession`))
    t.equal(statSync(join(scratch, 'rstudio/secure-cookie-key')).mode & 0o777, 0o600)
  })
}

t.test('RStudio Server and what it starts can be interrupted', async (t) => {
  const { directory, context } = places(t, 'home')
  const scratch = shortPlace(t)
  const file = join(directory, 'rserver')
  writeFileSync(file, '#!/bin/sh\nsed -n s/^SigIgn://p /proc/$$/status\n', { mode: 0o755 })
  const [ignored = ''] = run(rstudioScript({ ...rserver, file }, context), scratch)
  t.equal(Number.parseInt(ignored.slice(-2), 16) & 0b110, 0, 'neither SIGINT nor SIGQUIT')
})

t.test('each session of RStudio has a key of its own', async (t) => {
  const { context } = places(t, 'home')
  const key = () => {
    const scratch = shortPlace(t)
    run(rstudioScript({ ...rserver, file: '/bin/true' }, context), scratch)
    return readFileSync(join(scratch, 'rstudio/secure-cookie-key'), 'utf8')
  }
  t.match(key(), /^[0-9a-f]{64}$/)
  t.not(key(), key())
})

t.test(
  'R is handed the environment of the session, below what RStudio Server gives it',
  async (t) => {
    const { context } = places(t, 'home')
    const scratch = shortPlace(t)
    const rsession = '/usr/bin/env'
    run(rstudioScript({ ...rserver, file: '/bin/true', rsession }, context), scratch, {
      MINE: "it's\nmine",
      R_HOME: '/mine',
    })
    const { stdout } = spawnSync(join(scratch, 'rstudio/rsession'), ['-0'], {
      encoding: 'utf8',
      env: { R_HOME: '/theirs', PATH: '/usr/bin:/bin' },
    })
    const lines = stdout.split('\0')
    t.ok(lines.includes("MINE=it's\nmine"))
    t.ok(lines.includes('R_HOME=/theirs'))
    t.ok(lines.includes(`ATELIER_DIRECTORY=${scratch}`), 'by which its processes are found')
  },
)

t.test('a folder in which R could not listen is refused by name', async (t) => {
  const { scratch, context } = places(t, 'x'.repeat(50))
  t.throws(() => run(rstudioScript(rserver, context), scratch), {
    message: new RegExp(`too long.* shorter data directory: ${scratch}`),
  })
})

const versions: ChosenVersions = {
  python: {
    id: '/envs/a b/bin/python3',
    language: 'python',
    version: '3.12.1',
    label: 'Python 3.12.1 (venv a b)',
    source: 'venv',
    name: 'a b',
    program: '/envs/a b/bin/python3',
    prefix: '/envs/a b',
    kernel: true,
  },
  r: {
    id: '/opt/R/4.4.1/bin/R',
    language: 'r',
    version: '4.4.1',
    label: 'R 4.4.1 (/opt/R/4.4.1)',
    source: 'opt',
    name: '/opt/R/4.4.1',
    program: '/opt/R/4.4.1/bin/R',
    prefix: '/opt/R/4.4.1/lib/R',
    kernel: true,
  },
}

t.test('the chosen Python and R come first in each IDE', async (t) => {
  const { directory, context } = places(t, 'home')
  const scratch = shortPlace(t)
  const program = await printer(directory)
  const path = `${scratch}/bin:/envs/a b/bin:/opt/R/4.4.1/bin:`
  const chosen = { ...context, versions }

  const jupyter = run(jupyterScript(program, dirname(program), 'lab', chosen), scratch)
  t.equal(jupyter[1], `PATH=${path}${dirname(program)}:/usr/bin:/bin`)
  const kernel = join(scratch, 'share/jupyter/kernels/python3/kernel.json')
  t.match(JSON.parse(readFileSync(kernel, 'utf8')), { display_name: 'Python 3.12.1 (venv a b)' })

  const vscode = run(vscodeScript([program], chosen), scratch)
  t.equal(vscode[1], `PATH=${path}/usr/bin:/bin`)
  t.strictSame(JSON.parse(readFileSync(join(scratch, 'vscode/Machine/settings.json'), 'utf8')), {
    'python.defaultInterpreterPath': '/envs/a b/bin/python3',
    'r.rpath.linux': '/opt/R/4.4.1/bin/R',
    'r.rterm.linux': '/opt/R/4.4.1/bin/R',
    'terminal.integrated.env.linux': { PATH: '${env:ATELIER_DIRECTORY}/bin:${env:PATH}' },
  })

  const rstudio = run(rstudioScript({ ...rserver, file: program }, chosen), scratch)
  t.equal(rstudio[1], `PATH=${path}/usr/bin:/bin`)
  t.ok(rstudio.includes(`--rsession-which-r=${scratch}/bin/R`))
})

t.test('without a choice no IDE is told of any', async (t) => {
  const { directory, context } = places(t, 'home')
  const scratch = shortPlace(t)
  const program = await printer(directory)
  const lines = run(jupyterScript(program, null, 'lab', { ...context, versions: {} }), scratch)
  t.equal(lines[1], 'PATH=/usr/bin:/bin')
  t.notMatch(lines.join(), /terminado_settings/)
  t.strictSame(readdirSync(scratch), [])
})

t.test('the secret is in no script', async (t) => {
  const { context } = places(t, 'home')
  for (const dialect of ['lab', 'notebook', 'classic'] as const) {
    t.notMatch(jupyterScript('/p', null, dialect, context), /hush/)
  }
  t.notMatch(vscodeScript(['/p'], context), /hush/)
  t.notMatch(rstudioScript(rserver, context), /hush/)
})

t.test('kernels speak over private sockets, unless their paths would be too long', async (t) => {
  const { directory, context } = places(t, 'home')
  const script = jupyterScript(await printer(directory), null, 'lab', context)
  const short = join('/tmp', `a${process.pid}`)
  mkdirSync(short)
  t.teardown(() => spawnSync('rm', ['-rf', short]))
  t.ok(run(script, short).includes('--KernelManager.transport=ipc'))
  const long = join(short, 'x'.repeat(60))
  mkdirSync(long)
  t.ok(run(script, long).includes('--KernelManager.transport=tcp'))
})

t.test(
  'an account made for services gets a shell that opens, anybody else their own',
  async (t) => {
    const { scratch, context } = places(t, 'home')
    const script = jupyterScript('/usr/bin/env', null, 'lab', context).replace(
      / --no-browser.*/,
      '',
    )
    for (const [given, used] of [
      ['', '/bin/bash'],
      ['/usr/sbin/nologin', '/bin/bash'],
      ['/bin/false', '/bin/bash'],
      ['/usr/bin/zsh', '/usr/bin/zsh'],
    ] as const) {
      t.ok(run(script, scratch, { SHELL: given }).includes(`SHELL=${used}`), given)
    }
  },
)

t.test("Debian's Notebook 6 is given its own names", async (t) => {
  const { context } = places(t, 'home')
  const script = jupyterScript('/p', null, 'classic', context)
  t.match(script, '--NotebookApp.notebook_dir=')
  t.notMatch(script, /ServerApp|LabApp/)
})
