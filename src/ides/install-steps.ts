/** How far an installation is: what it is doing in a few words, and 0 to 100. */
export interface InstallProgress {
  readonly step: string
  readonly percent: number
}

/** One part of an installation. */
export interface InstallStep {
  readonly title: string
  /** How long it takes on a small server, in seconds, as measured: its share of the whole. */
  readonly seconds: number
  /** Does it; may tell the fraction done (0 to 1), otherwise the time stands for it. Throws when it fails. */
  run(tell: (fraction: number) => void): Promise<void>
}

/** How often a step whose progress is guessed from the time is reported, in ms. */
const TICK_MS = 500

/** The guessed fraction of a step: straight up to 0.9 at nine tenths of its time, then ever slower and never 1. */
export function guessedFraction(elapsedMs: number, seconds: number): number {
  const time = elapsedMs / (seconds * 1000)
  return time < 0.9 ? time : 1 - 0.1 * Math.exp((0.9 - time) / 0.9)
}

/** Percent of the whole when this fraction of step `index` is done; at most 99, for only a finished whole has 100. */
export function percentAt(
  steps: readonly Pick<InstallStep, 'seconds'>[],
  index: number,
  fraction: number,
): number {
  const total = steps.reduce((sum, step) => sum + step.seconds, 0)
  const before = steps.slice(0, index).reduce((sum, step) => sum + step.seconds, 0)
  const share = (steps[index]?.seconds ?? 0) * Math.min(1, Math.max(0, fraction))
  return Math.min(99, Math.floor((100 * (before + share)) / total))
}

/** Runs the steps one after another and reports, never backwards. Rejects with the error of the first that fails. */
export async function runInstallSteps(
  steps: readonly InstallStep[],
  report: (progress: InstallProgress) => void,
): Promise<void> {
  let highest = 0
  for (const [index, step] of steps.entries()) {
    const startedAt = performance.now()
    let told: number | undefined
    const tell = () => {
      const fraction = told ?? guessedFraction(performance.now() - startedAt, step.seconds)
      highest = Math.max(highest, percentAt(steps, index, fraction))
      report({ step: step.title, percent: highest })
    }
    tell()
    const timer = setInterval(tell, TICK_MS)
    try {
      await step.run((fraction) => {
        told = fraction
        tell()
      })
    } finally {
      clearInterval(timer)
    }
  }
}
