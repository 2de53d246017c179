import { TICKS_PER_SECOND } from './proc.ts'

/** What a job has used up to a moment. */
export interface UsageSample {
  /** Milliseconds on any steady clock. */
  readonly at: number
  readonly cpuSeconds: number
}

/** CPU time of all these processes in seconds. */
export function cpuSeconds(processes: readonly { readonly cpuTicks: number }[]): number {
  return processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS_PER_SECOND
}

/** CPU use between two moments in percent of one core; 0 if a process has taken its share of the sum away with it. */
export function cpuPercent(before: UsageSample, now: UsageSample): number {
  const elapsed = (now.at - before.at) / 1000
  if (elapsed <= 0) return 0
  return (100 * Math.max(0, now.cpuSeconds - before.cpuSeconds)) / elapsed
}
