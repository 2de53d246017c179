import type { Figure } from '../report/result.ts'
import { median, percentile } from '../report/statistics.ts'

/** Milliseconds that one start took, by the Launcher and by a bare command in the same turn. */
export interface JobStart {
  /** From the submission until the Launcher has answered that the job is Running. */
  readonly running: number
  /** From the submission until the first instruction of the job's own command. */
  readonly began: number
  /** From the call that starts the bare command until its first instruction. */
  readonly bare: number
}

/** What these starts say; the Launcher's own share is the difference within each turn. */
export function jobStartFigures(starts: readonly JobStart[]): readonly Figure[] {
  const both = (name: string, values: readonly number[]) =>
    [50, 99].map((percent) => ({
      name: `${name}, p${percent}`,
      value: percentile(values, percent),
      unit: 'ms',
    }))
  return [
    ...both(
      'Running later than a bare command runs',
      starts.map(({ running, bare }) => running - bare),
    ),
    ...both(
      '  submit until the Launcher says Running',
      starts.map(({ running }) => running),
    ),
    ...both(
      "  submit until the job's command runs",
      starts.map(({ began }) => began),
    ),
    ...both(
      '  a bare setpriv, env -i and the command',
      starts.map(({ bare }) => bare),
    ),
    {
      name: "the job's command compared with the bare one",
      value: median(starts.map(({ began, bare }) => began / bare)),
      unit: 'x',
    },
  ]
}
