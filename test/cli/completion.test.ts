import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { run } from './fixtures/run.ts'

t.test('bash completes commands, options, IDEs, keys and files', async (t) => {
  const { stdout: script } = await run('completion', 'bash')
  const directory = t.testdir({ 'completion.bash': script, 'my.toml': '', 'my.backup.gz': '' })
  const complete = (...words: string[]): readonly string[] => {
    const program = `source ${join(directory, 'completion.bash')}
      compopt() { echo "compopt $*"; }
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _atelier
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const output = execFileSync('bash', ['-c', program, 'bash', 'atelier', ...words], {
      cwd: directory,
      encoding: 'utf8',
    })
    return output.split('\n').filter((line) => line !== '')
  }

  const cases: [words: string[], replies: string[]][] = [
    [['ses'], ['session']],
    [
      ['sess', ''],
      ['start', 'session', 'ide'],
    ],
    [
      ['session', ''],
      ['list', 'start', 'open', 'stop', '--help'],
    ],
    [['session', 'sto'], ['stop']],
    [
      ['session', 'start', 'jup'],
      ['jupyterlab', 'jupyter-notebook'],
    ],
    [['session', 'start', '--json', 'vs'], ['vscode']],
    [['ide', 'install', 'jupyterlab', 'vs'], ['vscode']],
    [['session', 'stop', '--f'], ['--force']],
    [['session', 'start', '--name', 'j'], []],
    [
      ['start', '--set', 'server.p'],
      ['compopt -o nospace', 'server.port='],
    ],
    [['start', '--config', 'my.t'], ['my.toml']],
    [['restore', 'my.b'], ['my.backup.gz']],
    [['restore', '--re'], ['--replace']],
    [['plugin', 'local', '--log-level', 'de'], ['debug']],
    [['completion', ''], ['bash']],
    [
      ['node', ''],
      ['list', 'drain', 'undrain', 'remove', '--config', '--set'],
    ],
    [['node', 'drain', '--w'], ['--wait']],
    [
      ['cluster', ''],
      ['start', 'reset'],
    ],
    [['cluster', 'start', '--no'], ['--nodes']],
  ]
  for (const [words, replies] of cases) {
    const found = complete(...words)
    t.ok(
      replies.every((reply) => found.includes(reply)),
      `atelier ${words.join(' ')}: ${found.join(' ')}`,
    )
    if (words.at(-1) !== '') t.equal(found.length, replies.length)
  }
})
