import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { ResourceLimit } from '../../launcher/job.ts'

/** What a job may use at most; null where nothing is said. */
export interface Limits {
  /** Processors, also parts of one. */
  readonly cpus: number | null
  readonly memoryBytes: number | null
}

const SMALLEST = 0.01
const MIB = 1024 * 1024

/**
 * The limits that a submission asks for, in the units of Posit's Launcher: processors, and memory in MB, which are MiB.
 * Throws PluginError for one that we do not know or that is no number, rather than to run the job without it.
 */
export function readLimits(limits: readonly ResourceLimit[]): Limits {
  let cpus: number | null = null
  let memoryBytes: number | null = null
  for (const { type, value } of limits) {
    if (type === 'cpuCount') cpus = positive(type, value)
    else if (type === 'memory') memoryBytes = Math.round(positive(type, value) * MIB)
    else throw refused(`The resource limit ${type} is not known here`)
  }
  return { cpus, memoryBytes }
}

function positive(type: string, value: string): number {
  const number = Number(value)
  if (/^\d+(\.\d+)?$/.test(value) && number >= SMALLEST && number < 1e9) return number
  throw refused(`The resource limit ${type} must be a number from ${SMALLEST} on`)
}

function refused(message: string): PluginError {
  return new PluginError(PLUGIN_ERROR.invalidRequest, `${message}.`)
}
