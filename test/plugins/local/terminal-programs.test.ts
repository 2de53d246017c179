import { spawn } from 'node:child_process'
import t from 'tap'
import { listProcesses } from '../../../src/plugins/local/processes.ts'
import { countTerminalPrograms } from '../../../src/plugins/local/terminal-programs.ts'
import { parseStat } from '../../../src/proc-stat.ts'
import { until } from '../../fixtures/until.ts'

const process = (command: string, group: number, foreground: number, more: object = {}) => ({
  command,
  group,
  foreground,
  terminal: 34_816,
  state: 'S',
  ...more,
})

for (const [what, processes, count] of [
  ['nothing', [], 0],
  ['a shell that waits', [process('bash', 10, 10)], 0],
  ['a program in front of its shell', [process('bash', 10, 11), process('sleep', 11, 11)], 1],
  ['a program in the background', [process('bash', 10, 10), process('sleep', 11, 10)], 0],
  ['a stopped program', [process('bash', 10, 11), process('sleep', 11, 11, { state: 'T' })], 0],
  ['a script of the shell', [process('bash', 11, 11), process('python3', 11, 11)], 1],
  ['an editor', [process('bash', 10, 11), process('vim', 11, 11)], 0],
  ['a task without a shell', [process('make', 10, 10)], 1],
  ['a pipe is one', [process('cat', 11, 11), process('sort', 11, 11)], 1],
  ['two terminals', [process('sleep', 11, 11), process('sleep', 21, 21, { terminal: 34_817 })], 2],
  ['a server without a terminal', [process('node', 10, -1, { terminal: 0 })], 0],
] as const) {
  t.equal(countTerminalPrograms(processes), count, what)
}

t.test('a real terminal is seen', async (t) => {
  const script = spawn('script', ['-qec', 'sleep 3141 | cat', '/dev/null'], { stdio: 'pipe' })
  t.teardown(() => script.kill('SIGKILL'))
  const ours = () => listProcesses().filter(({ parent }) => parent === script.pid)
  await until(() => ours().some(({ terminal }) => terminal !== 0))
  const [leader] = ours()
  const all = () => listProcesses().filter(({ session }) => session === leader?.session)
  await until(() => countTerminalPrograms(all()) > 0)
  t.equal(countTerminalPrograms(all()), 1, 'two programs of one pipe are one')
})

t.test('the fields of /proc/PID/stat', async (t) => {
  const text =
    '4711 (tmux: client (1)) S 4000 4711 4710 34816 4712 4194304 1 2 3 4 10 20 30 40 20 0 1 0 99 1 1'
  t.match(parseStat(text), {
    pid: 4711,
    command: 'tmux: client (1)',
    parent: 4000,
    group: 4711,
    session: 4710,
    terminal: 34_816,
    foreground: 4712,
    cpuTicks: 100,
    startTime: 99,
  })
})
