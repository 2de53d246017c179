// The benchmarks' only file that touches the process: arguments, signals, output, exit code.
import { parseArgs } from 'node:util'
import { CASES } from './cases/cases.ts'
import type { Effort } from './cases/bench-case.ts'
import { runCases } from './run-cases.ts'
import { Workplace } from './workplace.ts'

const FULL: Effort = {
  rounds: 3,
  seconds: 4,
  warmUpSeconds: 2,
  warmUpCount: 20_000,
  starts: 25,
  jobs: 100,
  samples: 300,
  webSockets: 1000,
  clusterSizes: [3, 10, 30, 50],
  deaths: 6,
  quietSeconds: 12,
}
const QUICK: Effort = {
  rounds: 2,
  seconds: 1,
  warmUpSeconds: 1,
  warmUpCount: 5000,
  starts: 8,
  jobs: 20,
  samples: 40,
  webSockets: 300,
  clusterSizes: [3, 10],
  deaths: 2,
  quietSeconds: 5,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
})
const names = CASES.map(({ name }) => name)
const unknown = positionals.filter((name) => !names.includes(name))

if (values.help === true || unknown.length > 0) {
  for (const name of unknown) process.stderr.write(`There is no benchmark ${name}.\n`)
  process.stderr.write(
    [
      'npm run bench -- [name …] [--quick] [--json]',
      `  name     one of ${names.join(', ')}; all of them without a name`,
      '  --quick  shorter and fewer rounds, to see whether something works',
      '  --json   JSON lines instead of tables\n',
    ].join('\n'),
  )
  process.exit(unknown.length > 0 ? 2 : 0)
}

const workplace = new Workplace()
// Whatever ends us: none of the programs stays behind.
process.on('exit', () => workplace.clear())
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1))
}
process.stdout.on('error', () => process.exit(1))

const isTerminal = process.stderr.isTTY
const kept = await runCases({
  cases: CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
  workplace,
  effort: values.quick === true ? QUICK : FULL,
  json: values.json === true,
  print: (text) => process.stdout.write(text),
  say: (text) => {
    if (isTerminal) process.stderr.write(`\r\u001b[K${text}`)
  },
})
process.exit(kept ? 0 : 1)
