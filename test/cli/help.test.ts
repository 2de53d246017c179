import type { Command } from 'commander'
import t from 'tap'
import { pathOf } from '../../src/cli/failure.ts'
import { atelierProgram } from '../../src/cli/program.ts'
import { run, testContext } from './fixtures/run.ts'

const PRINTS_NO_ANSWER = [
  'atelier node',
  'atelier launcher',
  'atelier plugin local',
  'atelier completion',
]

t.test('the help of every command says what it is for and has examples that work', async (t) => {
  for (const command of leaves(atelierProgram(testContext()))) {
    const path = pathOf(command)
    const { code, stdout } = await run(...path.split(' ').slice(1), '--help')
    t.equal(code, 0, path)
    t.ok(command.summary().length > 5 && command.description().length > 40, 'what it is for')
    for (const option of command.options) t.not(option.description, '', option.flags)
    const examples = [...stdout.matchAll(/^ {2}\$ (atelier .*)$/gm)].map(([, line = '']) => line)
    t.ok(examples.length > 0, 'examples')
    for (const example of examples) {
      t.ok(example.startsWith(path), example)
      t.equal(await parses(example), path, example)
    }
  }
})

t.test('every command that prints an answer can print it as JSON', (t) => {
  for (const command of leaves(atelierProgram(testContext()))) {
    const path = pathOf(command)
    const hasJson = command.options.some(({ long }) => long === '--json')
    t.equal(hasJson, !PRINTS_NO_ANSWER.includes(path), path)
  }
  t.end()
})

t.test(
  'a command line that is not understood is told in a sentence, with exit code 2',
  async (t) => {
    const cases: [args: string[], says: RegExp][] = [
      [
        ['strat'],
        /^atelier: unknown command 'strat' \(Did you mean start\?\)\. See: atelier --help\n$/,
      ],
      [['session', 'lst'], /Did you mean list\?\)\. See: atelier session --help\n$/],
      [
        ['session', 'stop'],
        /missing required argument 'session'\. See: atelier session stop --help/,
      ],
      [['session', 'start', 'emacs'], /'emacs' is invalid.* Allowed choices are jupyterlab, /],
      [['session', 'list', '--forse'], /unknown option '--forse'/],
      [['config', 'check', '--config'], /argument missing/],
      [['completion', 'tcsh'], /Allowed choices are bash/],
      [['sign-in', 'now'], /too many arguments/],
    ]
    for (const [args, says] of cases) {
      const { code, stdout, stderr } = await run(...args)
      t.equal(code, 2, args.join(' '))
      t.match(stderr, says)
      t.equal(stderr.split('\n').length, 2, 'one line')
      t.equal(stdout, '')
    }
    const { code, stderr } = await run('session', 'list', '--forse', '--json')
    t.equal(code, 2)
    t.match(JSON.parse(stderr), { error: { code: 'USAGE', message: /unknown option '--forse'/ } })
  },
)

t.test('without a command there is help; version and help are no mistakes', async (t) => {
  t.match(await run(), { code: 2, stderr: /Usage: atelier/ })
  t.match(await run('session'), { code: 2, stderr: /Usage: atelier session/ })
  t.match(await run('--version'), { code: 0, stdout: '1.2.3\n', stderr: '' })
  t.match(await run('--help'), {
    code: 0,
    stdout: /Words:[^]*session {3}one running IDE/,
    stderr: '',
  })
  t.match(await run('help', 'session'), { code: 0, stdout: /Usage: atelier session/ })
})

/** The commands that do something: those without others below them, and `atelier node`. */
function leaves(command: Command): readonly Command[] {
  const below = command.commands.flatMap(leaves)
  return below.length === 0 || command.name() === 'node' ? [command, ...below] : below
}

/** The command that a line calls, if commander accepts all of it; nothing is done. */
async function parses(line: string): Promise<string | undefined> {
  const program = atelierProgram(testContext())
  let called: string | undefined
  for (const command of leaves(program)) command.action(() => void (called = pathOf(command)))
  const [words = ''] = line.split(' > ')
  const split = [...words.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
  await program.parseAsync(split.slice(1), { from: 'user' })
  return called
}
