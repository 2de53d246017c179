import { Bench, type BenchOptions } from './bench.ts'
import type { Check, CheckParts } from './check.ts'
import { controlChecks } from './checks/control-checks.ts'
import { faultChecks } from './checks/fault-checks.ts'
import { listChecks } from './checks/list-checks.ts'
import { outputChecks } from './checks/output-checks.ts'
import { restartChecks } from './checks/restart-checks.ts'
import { serviceChecks } from './checks/service-checks.ts'
import { startChecks } from './checks/start-checks.ts'
import { statusChecks } from './checks/status-checks.ts'
import { submitChecks } from './checks/submit-checks.ts'
import { usageChecks } from './checks/usage-checks.ts'
import { Jobs } from './jobs.ts'
import { NotSupported, type Verdict } from './verdict.ts'

/** All that is checked, in order. */
export const SUITE: readonly Check[] = [
  ...startChecks,
  ...submitChecks,
  ...outputChecks,
  ...statusChecks,
  ...usageChecks,
  ...controlChecks,
  ...listChecks,
  ...serviceChecks,
  ...restartChecks,
  ...faultChecks,
]

/** What is checked, and how. */
export interface SuiteOptions extends BenchOptions {
  /** The names of checks that are left out. */
  readonly skip: readonly string[]
  /** The names of the only checks that are made; all if there are none. */
  readonly only: readonly string[]
  /** Is told of each check as it ends. */
  onVerdict(verdict: Verdict): void
  /** Ends everything when it is aborted. */
  readonly signal: AbortSignal
}

/** Checks a plugin, one check after the other, and answers what came of each. Leaves no plugin behind. */
export async function checkPlugin(options: SuiteOptions): Promise<readonly Verdict[]> {
  const { signal, skip, only } = options
  const bench = new Bench(options)
  const verdicts: Verdict[] = []
  // Whatever waits for a plugin hears of its end.
  const abort = () => void bench.killAll()
  signal.addEventListener('abort', abort)
  try {
    let obstacle: string | undefined
    for (const check of SUITE) {
      if (signal.aborted) break
      const isLeftOut = skip.includes(check.name) || (only.length > 0 && !only.includes(check.name))
      if (isLeftOut && only.length > 0) continue
      const why = isLeftOut ? 'You asked for it to be skipped.' : obstacle
      const verdict = why === undefined ? await verdictOn(check, bench) : skipped(check, why)
      if (check.name === 'bootstrap' && verdict.result === 'fail') {
        obstacle = 'The plugin does not bootstrap.'
      }
      verdicts.push(verdict)
      options.onVerdict(verdict)
    }
    return verdicts
  } finally {
    signal.removeEventListener('abort', abort)
    await bench.close()
  }
}

async function verdictOn(check: Check, bench: Bench): Promise<Verdict> {
  const begin = performance.now()
  const failure = await attempt(check, bench)
  const milliseconds = Math.round(performance.now() - begin)
  const { name, behaviour, says } = check
  if (failure === undefined) return { name, behaviour, says, milliseconds, result: 'pass' }
  const result = failure instanceof NotSupported ? 'not supported' : 'fail'
  return { name, behaviour, says, milliseconds, result, why: failure.message }
}

/** What kept a check from passing. */
async function attempt(check: Check, bench: Bench): Promise<Error | undefined> {
  let parts: CheckParts | undefined
  try {
    const plugin = await bench.plugin()
    parts = { bench, plugin, jobs: new Jobs({ bench, plugin }) }
    await check.run(parts)
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    // What is wrong with ending jobs is found by the checks for that.
    await parts?.jobs.clear().catch(() => undefined)
  }
}

function skipped({ name, behaviour, says }: Check, why: string): Verdict {
  return { name, behaviour, says, milliseconds: 0, result: 'skipped', why }
}
