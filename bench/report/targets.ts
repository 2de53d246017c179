import { ratio, type Result, type Sample, seriesOf } from './result.ts'

/** A promise about the figures, and whether it was kept; `value` is undefined if it could not be judged. */
export interface Verdict {
  readonly target: string
  readonly value: number | undefined
  readonly unit: string
  readonly holds: boolean
}

interface Target {
  readonly target: string
  readonly benchmark: string
  readonly unit: string
  readonly value: (result: Result) => number | undefined
  readonly holds: (value: number) => boolean
}

const TARGETS: readonly Target[] = [
  {
    target: 'small requests: at least 2 times the rate of configurable-http-proxy',
    benchmark: 'small-http',
    unit: 'x',
    value: compared('configurable-http-proxy', 'perSecond'),
    holds: (value) => value >= 2,
  },
  {
    target: 'small requests: at most 4 times the CPU time of nginx',
    benchmark: 'small-http',
    unit: 'x',
    value: compared('nginx', 'cpuMicroseconds'),
    holds: (value) => value <= 4,
  },
  {
    target: "256 KiB echo: at least 1.5 times the rate of the plugin's own WebSockets",
    benchmark: 'large-echo',
    unit: 'x',
    value: compared('plugin', 'perSecond'),
    holds: (value) => value >= 1.5,
  },
  {
    target: 'routing: at 10,000 sessions at most 1.25 times the time of 10',
    benchmark: 'routing',
    unit: 'x',
    value: figure('10,000 sessions compared with 10'),
    holds: (value) => value <= 1.25,
  },
  {
    target: 'start of a session: half of them with less than 150 ms of our own',
    benchmark: 'session-start',
    unit: 'ms',
    value: figure('overhead, p50'),
    holds: (value) => value < 150,
  },
  {
    target: 'start of a job: half of them less than 150 ms later than a bare command',
    benchmark: 'job-start',
    unit: 'ms',
    value: figure('Running later than a bare command runs, p50'),
    holds: (value) => value < 150,
  },
  {
    target: 'jobs at once: every one starts',
    benchmark: 'jobs-at-once',
    unit: 'failed',
    value: figure('failed'),
    holds: (value) => value === 0,
  },
  {
    target: 'history: every list and filter of 10,000 jobs and sessions within 200 ms',
    benchmark: 'jobs-history',
    unit: 'ms',
    value: figure('10,000 of each: the slowest route, p99'),
    holds: (value) => value < 200,
  },
  {
    target: 'gossip: a death seen by all members within 5 s at default timing',
    benchmark: 'gossip',
    unit: 'ms',
    value: figure('death seen by all, the slowest'),
    holds: (value) => value <= 5000,
  },
  {
    target: 'gossip: at most 2 % of a core for each member of the largest cluster',
    benchmark: 'gossip',
    unit: '%',
    value: figure('CPU of a member in the largest cluster'),
    holds: (value) => value <= 2,
  },
]

/** What the results say about the targets that they can judge. */
export function verdicts(results: readonly Result[]): readonly Verdict[] {
  return TARGETS.flatMap(({ target, benchmark, unit, value, holds }) => {
    const result = results.find((each) => each.benchmark === benchmark)
    if (result === undefined) return []
    const found = value(result)
    return [{ target, unit, value: found, holds: found !== undefined && holds(found) }]
  })
}

function compared(contender: string, metric: keyof Sample): Target['value'] {
  return (result) => {
    const [ours, theirs] = [seriesOf(result, 'atelier'), seriesOf(result, contender)]
    return ours && theirs && ratio(ours, theirs, metric)
  }
}

function figure(name: string): Target['value'] {
  return (result) => result.figures.find((each) => each.name === name)?.value
}
