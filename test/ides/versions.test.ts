import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import {
  type LanguageVersion,
  parseVersions,
  VERSION_MARK,
  VERSION_SOURCES,
} from '../../src/ides/language-version.ts'
import { shellQuote } from '../../src/ides/shell-quote.ts'
import { moduleLines, versionLines } from '../../src/ides/version-lines.ts'
import { versionsScript, type LanguagePlaces } from '../../src/ides/versions-script.ts'
import { Versions } from '../../src/ides/versions.ts'
import { silent } from '../fixtures/silent-log.ts'

const NOWHERE: LanguagePlaces = { paths: [], modules: [] }

/** A command in a folder that is made for it. */
function command(folder: string, name: string, script: string, mode = 0o755): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, mode)
  return file
}

/** A Python that says it is of this version, whatever it is asked. */
const python = (folder: string, version: string, kernel = 1) =>
  command(
    join(folder, 'bin'),
    'python3',
    `printf '%s\\t%s\\t%s\\n' ${version} ${shellQuote(folder)} ${kernel}`,
  )

/** An R that tells its version and home. */
const r = (folder: string, version: string) =>
  command(
    join(folder, 'bin'),
    'R',
    `case "$1" in RHOME) echo ${shellQuote(`${folder}/lib/R`)} ;; *) echo 'R version ${version} (2026-01-01) -- "Nickname"' ;; esac`,
  )

/** Runs a script with these folders as its path and this home. */
function run(script: string, folder: string, environment: Record<string, string> = {}): string {
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: `${folder}/path/bin:/usr/bin:/bin`, HOME: join(folder, 'home'), ...environment },
  })
  t.equal(stderr, '')
  return stdout
}

function scan(
  folder: string,
  places: { python?: LanguagePlaces; r?: LanguagePlaces },
  environment: Record<string, string> = {},
) {
  const script = versionsScript({ python: NOWHERE, r: NOWHERE, ...places }, join(folder, 'opt'))
  return parseVersions(run(script, folder, environment)).filter(({ program }) =>
    program.startsWith(folder),
  )
}

t.test('Pythons and Rs are found wherever they are', async (t) => {
  const folder = join(t.testdir(), "it's here")
  const found = [
    [python(`${folder}/path`, '3.8.1', 0), `Python 3.8.1 (${folder}/path/bin)`, false],
    [
      python(`${folder}/opt/python/3.12.1`, '3.12.1'),
      `Python 3.12.1 (${folder}/opt/python/3.12.1)`,
    ],
    [python(`${folder}/home/.pyenv/versions/3.11.7`, '3.11.7'), 'Python 3.11.7 (pyenv 3.11.7)'],
    [python(`${folder}/home/envs/a b`, '3.10.1'), 'Python 3.10.1 (venv a b)'],
    [python(`${folder}/conda/geo`, '3.13.0'), 'Python 3.13.0 (conda geo)'],
    [r(`${folder}/path`, '4.1.0'), `R 4.1.0 (${folder}/path/bin)`],
    [r(`${folder}/opt/R/4.4.1`, '4.4.1'), `R 4.4.1 (${folder}/opt/R/4.4.1)`],
    [r(`${folder}/mine`, '4.0.5'), `R 4.0.5 (${folder}/mine)`],
  ] as const
  writeFileSync(`${folder}/home/envs/a b/pyvenv.cfg`, '')
  mkdirSync(`${folder}/conda/geo/conda-meta`)
  const versions = scan(folder, {
    python: { paths: ['~/envs/*', `${folder}/conda/geo`, '/does/not/exist'], modules: [] },
    r: { paths: [`${folder}/mine`], modules: [] },
  })
  t.strictSame(
    versions.map(({ id, label, kernel }) => [id, label, kernel]),
    found.map(([program, label, kernel = true]) => [program, label, kernel]),
  )
})

t.test('what the account cannot run is not there, and what is broken neither', async (t) => {
  const folder = t.testdir()
  python(`${folder}/opt/python/good`, '3.12.1')
  command(`${folder}/opt/python/closed/bin`, 'python3', 'echo', 0o644)
  command(`${folder}/opt/python/broken/bin`, 'python3', 'exit 1')
  command(`${folder}/opt/python/mad/bin`, 'python3', 'echo hello')
  command(`${folder}/opt/R/broken/bin`, 'R', 'echo "not R"')
  mkdirSync(`${folder}/opt/python/folder/bin/python3`, { recursive: true })
  t.strictSame(
    scan(folder, {}).map(({ version }) => version),
    ['3.12.1'],
  )
})

t.test('one that is found in two ways is named once', async (t) => {
  const folder = t.testdir()
  const program = python(`${folder}/opt/python/3.12.1`, '3.12.1')
  symlinkSync(program, join(dirname(program), 'python3.12'))
  const again = { paths: [join(dirname(program), 'python3.12')], modules: [] }
  t.equal(scan(folder, { python: again }).length, 1)
})

t.test('lines that are no versions are left out', async (t) => {
  const good = 'atelier-version\tpython\topt\t/p\t/p/bin/python3\t3.12.1\t/p\t1'
  for (const [from, to] of [
    ['atelier-version', 'version'],
    ['python\topt', 'perl\topt'],
    ['opt', 'elsewhere'],
    ['/p/bin', 'p/bin'],
    ['3.12.1', '3'],
    ['3.12.1', '<b>3.1'],
  ] as const) {
    t.strictSame(parseVersions(good.replace(from, to)), [], to)
  }
  t.equal(parseVersions(`Welcome!\n${good}\n`).length, 1)
})

/** Modules of a server: one file of shell, which is read where their software would be. */
function modules(folder: string): Record<string, string> {
  mkdirSync(`${folder}/init`, { recursive: true })
  writeFileSync(
    `${folder}/init/sh`,
    `module() { [ "$2" = tools/1 ] || return 1; PATH=${folder}/tools/bin:$PATH; TOOLS=1; export PATH TOOLS; echo loaded; }`,
  )
  python(`${folder}/tools`, '3.9.9')
  r(`${folder}/tools`, '3.6.3')
  return { MODULESHOME: folder }
}

t.test('modules are loaded to be found, and to be used', async (t) => {
  const folder = t.testdir()
  const environment = modules(folder)
  const places = { paths: [], modules: ['tools/1', 'nothing/1'] }
  const script = versionsScript({ python: places, r: places })
  const { stdout } = spawnSync('/bin/sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: folder, ...environment },
  })
  const found = parseVersions(stdout).filter(({ source }) => source === 'module')
  t.strictSame(
    found.map(({ id, label }) => [id, label]),
    [
      ['module:tools/1', 'Python 3.9.9 (module tools/1)'],
      ['module:tools/1', 'R 3.6.3 (module tools/1)'],
    ],
  )
  const [python, r] = found
  if (python === undefined || r === undefined) throw new Error('none found')
  command(`${folder}/tools/bin`, 'python3', 'echo "$TOOLS"')
  const lines = [...versionLines({ python, r }), 'python3']
  const used = { ATELIER_DIRECTORY: folder, ...environment }
  const { stdout: inCommand } = spawnSync('/bin/sh', ['-c', lines.join('\n')], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', ...used },
  })
  t.equal(inCommand, '1\n', 'a command loads its module by itself')
  const loaded = ['set -eu', ...moduleLines({ python }), 'echo "$TOOLS"'].join('\n')
  t.equal(
    spawnSync('/bin/sh', ['-c', loaded], { encoding: 'utf8', env: used }).stdout,
    '1\n',
    'or it is loaded for all',
  )
})

t.test('commands of a session are the chosen ones', async (t) => {
  const folder = join(t.testdir(), "it's here")
  const [chosen] = scan(folder, { r: { paths: [r(`${folder}/R-4`, '4.4.1')], modules: [] } })
  command(`${folder}/R-4/bin`, 'Rscript', 'echo "Rscript $*"')
  const lines = versionLines({ ...(chosen && { r: chosen }) })
  const script = ['set -eu', ...lines, 'R --version', 'Rscript a "b c"', 'command -v R'].join('\n')
  t.equal(
    run(script, folder, { ATELIER_DIRECTORY: folder }),
    `R version 4.4.1 (2026-01-01) -- "Nickname"\nRscript a b c\n${folder}/bin/R\n`,
  )
})

function versionsOf(t: Test) {
  const lines = new Set(['python\tpath\t/usr/bin\t/usr/bin/python3\t3.11.2\t/usr\t0'])
  const state = { scans: 0, lines, fails: false, now: 0 }
  const versions = new Versions({
    places: { python: NOWHERE, r: NOWHERE },
    runAs: async (user) => {
      t.equal(user, 'ada')
      state.scans++
      if (state.fails) throw new Error('no Launcher')
      return [...lines].map((line) => `atelier-version\t${line}\n`).join('')
    },
    log: silent,
    now: () => state.now,
  })
  return { versions, state }
}

t.test('they are looked for once in a while, however many ask', async (t) => {
  const { versions, state } = versionsOf(t)
  await Promise.all([versions.list('ada'), versions.list('ada')])
  t.equal(state.scans, 1)
  state.now += 61_000
  state.lines.add('r\tpath\t/usr/bin\t/usr/bin/R\t4.2.2\t/usr/lib/R\t1')
  t.equal((await versions.list('ada')).length, 2)
  state.now += 61_000
  state.fails = true
  t.equal((await versions.list('ada')).length, 2, 'what was known is better than nothing')
})

t.test('one that has just been installed can be chosen at once', async (t) => {
  const { versions, state } = versionsOf(t)
  const wanted = { python: '/new/bin/python3', r: null }
  await t.rejects(versions.choose('ada', 'vscode', wanted), {
    code: 'VERSION_UNUSABLE',
    message: /Python \/new\/bin\/python3 is not there, or ada cannot run it/,
  })
  state.lines.add('python\tvenv\tnew\t/new/bin/python3\t3.12.1\t/new\t1')
  state.now += 1
  t.match(await versions.choose('ada', 'vscode', wanted), { python: { version: '3.12.1' } })
})

t.test('Jupyter is told what a Python lacks to be its kernel', async (t) => {
  const { versions } = versionsOf(t)
  const wanted = { python: '/usr/bin/python3', r: null }
  await t.rejects(versions.choose('ada', 'jupyterlab', wanted), {
    code: 'VERSION_UNUSABLE',
    message: /no ipykernel.*\/usr\/bin\/python3 -m pip install ipykernel/,
  })
  t.match(await versions.choose('ada', 'vscode', wanted), { python: { version: '3.11.2' } })
  t.strictSame(await versions.choose('ada', 'jupyterlab', { python: null, r: null }), {})
})

t.test('what a scan prints between the noise of a profile is read as it was printed', async () => {
  const path = fc.stringMatching(/^\/[^\t\n\r]{1,20}$/)
  const version = fc.record(
    {
      language: fc.constantFrom('python', 'r'),
      source: fc.constantFrom(...VERSION_SOURCES),
      name: fc.stringMatching(/^[^\t\n\r]{1,10}$/),
      program: path,
      version: fc.stringMatching(/^\d{1,2}(\.\d{1,2}){1,3}$/),
      prefix: path,
      kernel: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  const noise = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n'))
  const placeOf = ({ language, source, name, prefix, version: number }: LanguageVersion) =>
    JSON.stringify([language, source === 'module' ? [name] : [prefix, number]])
  const different = fc.uniqueArray(version, {
    selector: (each) => placeOf(each as unknown as LanguageVersion),
  })
  fc.assert(
    fc.property(different, noise, (versions, line) => {
      const lines = versions.map(({ kernel, ...rest }) =>
        [
          VERSION_MARK,
          rest.language,
          rest.source,
          rest.name,
          rest.program,
          rest.version,
          rest.prefix,
          kernel ? '1' : '0',
        ].join('\t'),
      )
      const found = parseVersions([line, ...lines, line].join('\n'))
      const read = found.map(({ id, label, ...rest }) => {
        assert.ok(id !== '' && label.includes(rest.version))
        return rest
      })
      assert.deepEqual(read, versions)
    }),
  )
  const field = fc.oneof(fc.constantFrom('python', 'r', 'path', '3.1', '/x', '', '1'), fc.string())
  const broken = fc.array(field, { maxLength: 9 }).map((each) => [VERSION_MARK, ...each].join('\t'))
  fc.assert(
    fc.property(fc.oneof(broken, fc.string({ unit: 'binary' })), (output) => {
      for (const each of parseVersions(output)) {
        assert.match(each.program, /^\//)
        assert.match(each.version, /^\d+(\.\d+)+$/)
        assert.ok(each.id !== '' && each.prefix !== '')
      }
    }),
  )
})
