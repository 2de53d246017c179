import { formatBytes } from '../format/format-usage.ts'
import type { ChartShape } from './chart-points.ts'

/** A number of things, as a mean of a span perhaps with one decimal. */
function count(value: number): string {
  return Number(value.toFixed(1)).toLocaleString()
}

/** The charts of the dashboard. */
export const CHARTS: readonly ChartShape[] = [
  {
    title: 'Sessions',
    format: count,
    lines: [
      { label: 'Active', color: 'var(--atelier-good)', of: (sample) => sample.sessionsActive },
      { label: 'Idle', color: 'var(--atelier-quiet)', of: (sample) => sample.sessionsIdle },
      {
        label: 'Starting or stopping',
        color: 'var(--atelier-busy)',
        of: (sample) => sample.sessionsStarting + sample.sessionsStopping,
      },
      { label: 'Lost', color: 'var(--atelier-bad)', of: (sample) => sample.sessionsLost },
    ],
  },
  {
    title: 'Jobs',
    format: count,
    lines: [
      { label: 'Running', color: 'var(--atelier-good)', of: (sample) => sample.jobsRunning },
      { label: 'Waiting', color: 'var(--atelier-busy)', of: (sample) => sample.jobsPending },
      { label: 'Suspended', color: 'var(--atelier-warn)', of: (sample) => sample.jobsSuspended },
      { label: 'Lost', color: 'var(--atelier-bad)', of: (sample) => sample.jobsLost },
    ],
  },
  {
    title: 'Users with something running',
    format: count,
    lines: [{ label: 'Users', color: 'var(--atelier-busy)', of: (sample) => sample.users }],
  },
  {
    title: 'Nodes alive',
    format: count,
    lines: [{ label: 'Nodes', color: 'var(--atelier-good)', of: (sample) => sample.nodes }],
  },
  {
    title: 'Processors in use',
    format: count,
    lines: [
      {
        label: 'By sessions',
        color: 'var(--atelier-good)',
        of: (sample) => sample.sessionCpuPercent / 100,
      },
      {
        label: 'By jobs',
        color: 'var(--atelier-busy)',
        of: (sample) => sample.jobCpuPercent / 100,
      },
    ],
  },
  {
    title: 'Memory in use',
    format: formatBytes,
    lines: [
      {
        label: 'By sessions',
        color: 'var(--atelier-good)',
        of: (sample) => sample.sessionMemoryBytes,
      },
      { label: 'By jobs', color: 'var(--atelier-busy)', of: (sample) => sample.jobMemoryBytes },
    ],
  },
]
