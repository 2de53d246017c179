import type { BenchCase, Effort } from './cases/bench-case.ts'
import { Contenders } from './contenders/contenders.ts'
import { jsonLines } from './report/json-lines.ts'
import type { Result } from './report/result.ts'
import { columns, resultTable, short } from './report/table.ts'
import { type Verdict, verdicts } from './report/targets.ts'
import { startUpstreams } from './upstream/upstream.ts'
import type { Workplace } from './workplace.ts'

/** Runs benchmarks one after the other and prints what they find; true if all targets that they judge are kept. */
export async function runCases(options: {
  readonly cases: readonly BenchCase[]
  readonly workplace: Workplace
  readonly effort: Effort
  readonly json: boolean
  readonly print: (text: string) => void
  readonly say: (text: string) => void
}): Promise<boolean> {
  const { cases, workplace, effort, json, print, say } = options
  const upstreams = await startUpstreams(workplace)
  const results: Result[] = []
  for (const each of cases) {
    // Fresh processes: what one benchmark leaves on a heap is nothing to the next.
    const contenders = new Contenders({ workplace, upstreams })
    const context = {
      workplace,
      contenders,
      effort,
      say: (text: string) => say(`${each.name}: ${text} `),
    }
    const result = await each.run(context)
    contenders.stop()
    say('')
    results.push(result)
    print(json ? jsonLines(result) : `${resultTable(result)}\n`)
  }
  const judged = verdicts(results)
  print(json ? verdictLines(judged) : verdictTable(judged))
  return judged.every(({ holds }) => holds)
}

function verdictLines(judged: readonly Verdict[]): string {
  return judged.map((verdict) => `${JSON.stringify(verdict)}\n`).join('')
}

function verdictTable(judged: readonly Verdict[]): string {
  if (judged.length === 0) return ''
  const rows = judged.map(({ target, value, unit, holds }) => [
    target,
    `${short(value ?? NaN)} ${unit}`,
    holds ? 'kept' : 'MISSED',
  ])
  return `Targets\n${columns(rows).join('\n')}\n`
}
