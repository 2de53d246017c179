import type { PluginReport } from './plugin-connection.ts'
import { LATENCY_BUCKETS } from './protocol.ts'

/** What a plugin has reported of itself; the latencies are summed up over all its reports, also of those before a restart. */
export interface PluginMetrics {
  readonly reports: number
  /** How long its process runs, in seconds, and the memory it uses, as it reported last. */
  readonly uptimeSeconds: number
  readonly memoryBytes: number
  readonly latency: {
    /** How many took as long as each of LATENCY_BUCKETS and not as long as the one before; the last of all took longer. */
    readonly counts: readonly number[]
    readonly sumSeconds: number
  }
}

/** What the plugins of all Launcher clusters have reported. */
export interface LauncherMetrics {
  readonly clusters: readonly (PluginMetrics & {
    readonly cluster: string
    readonly restarts: number
  })[]
}

const BUCKETS = LATENCY_BUCKETS.length + 1

/** Of a plugin that has reported nothing. */
export const NO_METRICS: PluginMetrics = {
  reports: 0,
  uptimeSeconds: 0,
  memoryBytes: 0,
  latency: { counts: Array.from({ length: BUCKETS }, () => 0), sumSeconds: 0 },
}

/** The metrics with one more report; what a report says of more buckets than there are is left out. */
export function withReport(metrics: PluginMetrics, report: PluginReport): PluginMetrics {
  const { counts, sumSeconds } = metrics.latency
  const sample = report.clusterInteractionLatencySample
  return {
    reports: metrics.reports + 1,
    uptimeSeconds: report.uptimeSeconds,
    memoryBytes: report.memoryUsageBytes,
    latency: {
      counts: counts.map((count, bucket) => count + (sample?.buckets[bucket] ?? 0)),
      sumSeconds: sumSeconds + (sample?.sum ?? 0),
    },
  }
}
