import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { ResourceLimit } from '../../launcher/job.ts'

/** What a job may use at most; null where nothing is said. */
export interface Limits {
  /** Processors, also parts of one. */
  readonly cpus: number | null
  readonly memoryBytes: number | null
  /** Processes and threads. */
  readonly processes: number | null
  /** Of each process. */
  readonly openFiles: number | null
  /** How far its processes stand back behind others, 0 to 19. */
  readonly nice: number | null
}

/** The limits of a job that has none. */
export const NO_LIMITS: Limits = {
  cpus: null,
  memoryBytes: null,
  processes: null,
  openFiles: null,
  nice: null,
}

const SMALLEST = 0.01
const MIB = 1024 * 1024

const READERS: Readonly<Record<string, (type: string, value: string) => Partial<Limits>>> = {
  cpuCount: (type, value) => ({ cpus: positive(type, value) }),
  memory: (type, value) => ({ memoryBytes: Math.round(positive(type, value) * MIB) }),
  processes: (type, value) => ({ processes: whole(type, value, 1, 4_194_304) }),
  openFiles: (type, value) => ({ openFiles: whole(type, value, 1, 1_000_000_000) }),
  nice: (type, value) => ({ nice: whole(type, value, 0, 19) }),
}

/** The types of limits that are known here: Posit's first, then ours. */
export const LIMIT_TYPES: readonly string[] = Object.keys(READERS)

/**
 * The limits that a submission asks for, in the units of Posit's Launcher: processors, and memory in MB, which are MiB.
 * Throws PluginError for one that we do not know or that is no number, rather than to run the job without it.
 */
export function readLimits(limits: readonly ResourceLimit[]): Limits {
  return limits.reduce<Limits>((read, { type, value }) => {
    const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined
    if (reader === undefined) throw refused(`The resource limit ${type} is not known here`)
    return { ...read, ...reader(type, value) }
  }, NO_LIMITS)
}

/** What each process of a job is limited by, in the words of the script that starts it: data is in KiB. */
export function processLimits({ memoryBytes, processes, openFiles, nice }: Limits): string[] {
  return [
    ...(memoryBytes === null ? [] : [`data ${Math.ceil(memoryBytes / 1024)}`]),
    ...(openFiles === null ? [] : [`nofile ${openFiles}`]),
    ...(processes === null ? [] : [`nproc ${processes}`]),
    ...(nice === null || nice === 0 ? [] : [`nice ${nice}`]),
  ]
}

function positive(type: string, value: string): number {
  const number = Number(value)
  if (/^\d+(\.\d+)?$/.test(value) && number >= SMALLEST && number < 1e9) return number
  throw refused(`The resource limit ${type} must be a number from ${SMALLEST} on`)
}

function whole(type: string, value: string, least: number, most: number): number {
  const number = Number(value)
  if (/^\d{1,10}$/.test(value) && number >= least && number <= most) return number
  throw refused(`The resource limit ${type} must be a whole number from ${least} to ${most}`)
}

function refused(message: string): PluginError {
  return new PluginError(PLUGIN_ERROR.invalidRequest, `${message}.`)
}
