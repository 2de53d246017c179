import type { PluginState } from './plugin-process.ts'

/** How the plugin of a Launcher cluster is: Unavailable once starting it has failed again and again. */
export type ClusterState = 'Available' | 'Restarting' | 'Unavailable'

/** A Launcher cluster in the Launcher's status. */
export interface ClusterStatus {
  readonly name: string
  /** True for the one that jobs go to which name none. */
  readonly isDefault: boolean
  readonly state: ClusterState
  /** Why it is not available, in the words of its plugin or of the system; null if it is. */
  readonly problem: string | null
  /** The version of the API that its plugin speaks, such as `3.7.0`; null until it has said so. */
  readonly version: string | null
  readonly restarts: number
}

/**
 * How the Launcher is: Green if all its clusters are available, Red if none is and each has been tried again and again,
 * else Yellow.
 */
export interface LauncherStatus {
  readonly status: 'Green' | 'Yellow' | 'Red'
  readonly uptimeSeconds: number
  readonly clusters: readonly ClusterStatus[]
}

/** Failures in a row after which a Launcher cluster counts as unavailable. */
const UNAVAILABLE_AFTER = 5

/** How a Launcher cluster is by what its plugin is like. */
export function clusterStatus(
  { name, isDefault }: { readonly name: string; readonly isDefault: boolean },
  { isReady, failures, problem, version, restarts }: PluginState,
): ClusterStatus {
  const isGivenUp = failures >= UNAVAILABLE_AFTER
  return {
    name,
    isDefault,
    state: isReady ? 'Available' : isGivenUp ? 'Unavailable' : 'Restarting',
    problem: isReady ? null : problem,
    version: version && [version.major, version.minor, version.patch].join('.'),
    restarts,
  }
}

/** The color of the Launcher by the states of its clusters. */
export function launcherColor(states: readonly ClusterState[]): LauncherStatus['status'] {
  if (states.every((state) => state === 'Available')) return 'Green'
  return states.every((state) => state === 'Unavailable') ? 'Red' : 'Yellow'
}
