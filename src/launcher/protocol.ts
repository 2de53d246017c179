/** The version of Posit's Launcher Plugin API that is spoken; plugins must agree in `major`. */
export const API_VERSION = { major: 3, minor: 7, patch: 0 } as const

/** Values of `messageType` in requests to a plugin. */
export const REQUEST = {
  heartbeat: 0,
  bootstrap: 1,
  submit: 2,
  get: 3,
  status: 4,
  control: 5,
  output: 6,
  usage: 7,
  network: 8,
  clusterInfo: 9,
  loadBalancerNodes: 201,
  configReload: 202,
} as const

/** Values of `messageType` in a plugin's responses; `metrics` answers no request. */
export const RESPONSE = {
  error: -1,
  heartbeat: 0,
  bootstrap: 1,
  jobs: 2,
  status: 3,
  control: 4,
  output: 5,
  usage: 6,
  network: 7,
  clusterInfo: 8,
  loadBalancerNodes: 201,
  configReload: 202,
  metrics: 203,
} as const

/** What the streams of a job are called in a request for its output; the answers call `both` `mixed`. */
export const OUTPUT_TYPES = ['stdout', 'stderr', 'both'] as const

/** A stream of a job. */
export type OutputType = (typeof OUTPUT_TYPES)[number]

/** Values of `errorType` in the answer to a configuration reload. */
export const RELOAD_ERROR = { unknown: -1, none: 0, load: 1, validate: 2, save: 3 } as const

/** Resource limits that every plugin may know: processors, seconds, and memory in MB; plugins add their own. */
export const LIMIT_TYPES = ['cpuCount', 'cpuTime', 'memory', 'memorySwap'] as const

/** Where a mount may come from; plugins add their own. */
export const MOUNT_TYPES = [
  'host',
  'nfs',
  'cephFs',
  'glusterFs',
  'azureFile',
  'passthrough',
] as const

/** Upper bounds in seconds of the buckets of a plugin's latencies; each counts only itself, one more is above all. */
export const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 30] as const
