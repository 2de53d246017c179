import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { parseProjects } from '../../src/projects/parse-projects.ts'
import { PROJECTS_SCRIPT } from '../../src/projects/projects-script.ts'
import { Projects } from '../../src/projects/projects.ts'
import { silent } from '../fixtures/silent-log.ts'

/** A home with these files; answers how to write more, and what is found in it. */
function homeOf(t: Test) {
  const home = join(t.testdir(), 'the home of alice')
  mkdirSync(home)
  const write = (path: string, text = '', minutesAgo = 0): void => {
    const file = join(home, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    const at = new Date(Date.now() - minutesAgo * 60_000)
    utimesSync(file, at, at)
  }
  const printed = (): string =>
    execFileSync('/bin/sh', ['-c', PROJECTS_SCRIPT], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', HOME: home },
      encoding: 'utf8',
      timeout: 30_000,
    })
  return { home, write, printed, found: () => parseProjects(printed(), home) }
}

t.test('what people work in is found, the last used first', (t) => {
  const { home, write, found } = homeOf(t)
  write('work/thesis/.git/HEAD', 'ref: refs/heads/a/branch\n', 50)
  write('work/thesis/thesis.Rproj', 'Version: 1.0\n', 60)
  write('detached/.git/HEAD', '1234567890abcdef\n', 10)
  write('linked/.git', 'gitdir: ../work/thesis/.git/worktrees/linked\n')
  write('work/thesis/.git/worktrees/linked/HEAD', 'ref: refs/heads/other', 30)
  write('it is "odd" $(touch x) `y`/.git/HEAD', 'ref: refs/heads/main\n', 40)
  write('opened/file.txt')
  write('with space/file.txt')
  write(
    '.local/share/atelier/vscode/opened/1.json',
    `{"query": {"folder": "${home}/with space"}}`,
    20,
  )
  write('.local/share/atelier/vscode/opened/2.json', `{"query": {"folder": "${home}/gone"}}`, 20)
  write(
    '.config/Code/User/workspaceStorage/a/workspace.json',
    `{ "folder": "file://${home.replaceAll(' ', '%20')}/opened" }`,
  )
  write('deep/a/b/c/d/e/.git/HEAD', 'ref: refs/heads/main\n')
  write('node_modules/some/.git/HEAD', 'ref: refs/heads/main\n')
  write('.cache/some/.git/HEAD', 'ref: refs/heads/main\n')
  write('.git/HEAD', 'ref: refs/heads/of-the-home\n')
  write('lists/far.Rproj', '', 70)
  write(
    '.local/share/rstudio/monitored/lists/project_mru',
    '~/lists/far.Rproj\t"Far"\n/none/x.Rproj\n',
  )
  write(
    '.jupyter/lab/workspaces/default-37a8.jupyterlab-workspace',
    JSON.stringify({
      data: {
        'docmanager:recents': {
          opened: [
            { root: '~', path: 'notebooks/a b.ipynb', contentType: 'notebook' },
            { root: home, path: 'data', contentType: 'directory' },
            { root: '~', path: 'top.ipynb', contentType: 'notebook' },
          ],
          closed: [],
        },
      },
      metadata: { id: 'default' },
    }),
    15,
  )
  symlinkSync('/', join(home, 'everything'))
  const { projects, complete } = found()
  t.equal(complete, true)
  const told = projects.map(({ path, kind, branch }) => [path.slice(home.length + 1), kind, branch])
  t.strictSame(told, [
    ['opened', 'vscode', null],
    ['detached', 'git', null],
    ['data', 'jupyter', null],
    ['notebooks', 'jupyter', null],
    ['with space', 'vscode', null],
    ['linked', 'git', 'other'],
    ['it is "odd" $(touch x) `y`', 'git', 'main'],
    ['work/thesis', 'rstudio', 'a/branch'],
    ['lists', 'rstudio', null],
  ])
  const first = projects.find(({ name }) => name === 'detached')
  t.ok(Math.abs((first?.lastUsedAt?.getTime() ?? 0) - (Date.now() - 600_000)) < 60_000)
  t.end()
})

t.test('what is printed is not believed', (t) => {
  const line = (...fields: string[]) => `ATELIER-PROJECT\t${fields.join('\t')}`
  const lines = [
    line('git', '1', 'not/absolute', ''),
    line('other', '1', '/a', ''),
    line('git', 'x', '/home/a/b/../c/', 'main'),
    line('git', '1', '/home/a'),
    `ATELIER-JUPYTER\t1\t{"data":`,
    `ATELIER-JUPYTER\t1\t{"data":{"docmanager:recents":{"opened":[{"root":"~","path":"../../etc/x","contentType":"file"}]}}}`,
    'noise',
  ]
  const { projects, complete } = parseProjects(lines.join('\n'), '/home/a')
  t.equal(complete, false)
  t.strictSame(
    projects.map(({ path, lastUsedAt, branch }) => [path, lastUsedAt, branch]),
    [
      ['/etc', new Date(1000), null],
      ['/home/a/c', null, 'main'],
    ],
  )
  t.end()
})

t.test('many projects are cut, and an empty home is empty', (t) => {
  const { write, found } = homeOf(t)
  t.strictSame(found(), { projects: [], complete: true })
  for (let n = 0; n < 230; n++) write(`p${n}/.git/HEAD`, 'ref: refs/heads/main\n')
  t.equal(found().projects.length, 100)
  t.end()
})

t.test('a home is looked at once a minute, and less often while it does not answer', async (t) => {
  let now = 0
  let answer = 'ATELIER-PROJECTS-END\n'
  let asked = 0
  const projects = new Projects({
    runAs: async () => {
      asked += 1
      if (answer === '') throw new Error('no Launcher')
      return answer
    },
    homeOf: async () => '/home/a',
    log: silent,
    now: () => now,
  })
  await Promise.all([projects.list('a'), projects.list('a')])
  t.equal(asked, 1)
  await projects.list('b')
  t.equal(asked, 2)
  now = 59_000
  await projects.list('a')
  t.equal(asked, 2)
  now = 61_000
  answer = 'ATELIER-PROJECT\tgit\t1\t/home/a/x\tmain\n'
  t.match(await projects.list('a'), { complete: false, projects: [{ name: 'x' }] })
  now = 200_000
  await projects.list('a')
  t.equal(asked, 3, 'each try may leave a process behind')
  now = 400_000
  answer = ''
  await t.rejects(projects.list('a'), /no Launcher/)
  await t.rejects(projects.list('a'), /no Launcher/)
  t.equal(asked, 5, 'but an answer that never began is asked for again')
})

t.test('a pipe that nobody writes to does not hold the look at a home up', (t) => {
  const { home, write, found } = homeOf(t)
  write('a/.git/HEAD', 'ref: refs/heads/main\n')
  for (const list of [
    '.local/share/rstudio/monitored/lists/project_mru',
    '.jupyter/lab/workspaces/x',
  ]) {
    mkdirSync(dirname(join(home, list)), { recursive: true })
    execFileSync('mkfifo', [join(home, list)])
  }
  t.match(found(), { complete: true, projects: [{ name: 'a' }] })
  t.end()
})
