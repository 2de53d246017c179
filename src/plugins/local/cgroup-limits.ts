import type { CgroupPlaces } from './cgroup-places.ts'
import { NO_LIMITS, type Limits } from './limits.ts'

const PERIOD_US = 100_000
/** What a process weighs against others of another niceness: each step is a quarter more. */
const NICE_STEP = 1.25
const SHARES = 1024

/** A limit as a file of a cgroup below `place`. */
export interface LimitFile {
  readonly place: string
  readonly file: string
  readonly value: string
  /** True for a file that not every kernel has. */
  readonly optional?: boolean
}

/** The part of these limits that cgroups can hold here, and the part that they cannot. */
export function dividedLimits(
  places: CgroupPlaces | undefined,
  limits: Limits,
): { readonly held: Limits; readonly left: Limits } {
  const { cpu, memory, pids } = places ?? {}
  const held = {
    ...NO_LIMITS,
    cpus: cpu === undefined ? null : limits.cpus,
    memoryBytes: memory === undefined ? null : limits.memoryBytes,
    processes: pids === undefined ? null : limits.processes,
  }
  return {
    held,
    left: {
      ...limits,
      cpus: held.cpus === null ? limits.cpus : null,
      memoryBytes: held.memoryBytes === null ? limits.memoryBytes : null,
      processes: held.processes === null ? limits.processes : null,
    },
  }
}

/** The files that hold these limits, as far as there is a controller; a cgroup with limits of processors also stands back. */
export function limitFiles(
  places: CgroupPlaces,
  { cpus, memoryBytes, processes, nice }: Limits,
): readonly LimitFile[] {
  const { version, cpu, memory, pids } = places
  return [
    ...(memoryBytes === null || memory === undefined
      ? []
      : memoryFiles(version, memory, memoryBytes)),
    ...(cpus === null || cpu === undefined ? [] : cpuFiles(version, cpu, cpus, nice ?? 0)),
    ...(processes === null || pids === undefined
      ? []
      : [{ place: pids, file: 'pids.max', value: String(processes) }]),
  ]
}

/** The controllers that a cgroup of version 2 must be handed for these limits. */
export function controllersFor({ cpus, memoryBytes, processes }: Limits): readonly string[] {
  return [
    ...(cpus === null ? [] : ['+cpu']),
    ...(memoryBytes === null ? [] : ['+memory']),
    ...(processes === null ? [] : ['+pids']),
  ]
}

function memoryFiles(version: 1 | 2, place: string, bytes: number): LimitFile[] {
  const value = String(bytes)
  return version === 1
    ? [
        { place, file: 'memory.limit_in_bytes', value },
        { place, file: 'memory.memsw.limit_in_bytes', value, optional: true },
      ]
    : [
        { place, file: 'memory.max', value },
        { place, file: 'memory.swap.max', value: '0', optional: true },
      ]
}

// Within a cgroup niceness counts among its own processes only, so that all of it must stand back.
function cpuFiles(version: 1 | 2, place: string, cpus: number, nice: number): LimitFile[] {
  const quota = String(Math.max(1000, Math.round(cpus * PERIOD_US)))
  const shares = String(Math.round(SHARES / NICE_STEP ** nice))
  return version === 1
    ? [
        { place, file: 'cpu.cfs_period_us', value: String(PERIOD_US) },
        { place, file: 'cpu.cfs_quota_us', value: quota },
        ...(nice === 0 ? [] : [{ place, file: 'cpu.shares', value: shares, optional: true }]),
      ]
    : [
        { place, file: 'cpu.max', value: `${quota} ${PERIOD_US}` },
        ...(nice === 0
          ? []
          : [{ place, file: 'cpu.weight.nice', value: String(nice), optional: true }]),
      ]
}
