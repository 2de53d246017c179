import type { Config } from '../config.ts'
import type { IdeName } from './session.ts'

/** What a user may have; null where nothing is said. */
export interface UserLimits {
  /** Sessions at a time, on all nodes together. */
  readonly sessions: number | null
  /** Jobs that run at a time, on all nodes together; more wait. */
  readonly jobs: number | null
  /** Jobs that wait for their turn; more are refused. */
  readonly jobsWaiting: number | null
  /** Also paused ones. */
  readonly schedules: number | null
  /** Processors of a session, also parts of one. */
  readonly cpus: number | null
  readonly memoryBytes: number | null
  /** Processes and threads of a session. */
  readonly processes: number | null
  /** Of each process. */
  readonly openFiles: number | null
  readonly nice: number | null
  readonly ides: readonly IdeName[] | null
  /** Names of resource profiles; the first is the usual one. */
  readonly profiles: readonly string[] | null
  /** In ms, in place of the configured ones for everybody; 0 is never. */
  readonly stopIdleAfter: number | null
  readonly maximumAge: number | null
}

const EVERYBODY = '*'
const GROUP = '@'
const MIB = 1024 * 1024

/** True if somebody's limits depend on the groups that they are in. */
export function nameGroups(configured: Config['limits']): boolean {
  return Object.keys(configured).some((name) => name.startsWith(GROUP))
}

/**
 * What this user may have, key by key: by the own table, else by that of the last group in the file that the user is in,
 * else by that of everybody.
 */
export function userLimits(
  configured: Config['limits'],
  user: string,
  groups: readonly string[],
): UserLimits {
  const isIn = new Set(groups.map((group) => GROUP + group))
  const ofGroups = Object.entries(configured).filter(([name]) => isIn.has(name))
  const tables = [
    tableOf(configured, EVERYBODY),
    ...ofGroups.map(([, table]) => table),
    tableOf(configured, user),
  ]
  return asLimits(Object.assign({}, ...tables.map(withoutUnset)))
}

/** The times of all tables after which sessions are stopped, in ms and without those that are never. */
export function stopTimes(configured: Config['limits']): readonly number[] {
  return Object.values(configured)
    .map(asLimits)
    .flatMap(({ stopIdleAfter, maximumAge }) => [stopIdleAfter ?? 0, maximumAge ?? 0])
    .filter((time) => time > 0)
}

function tableOf(configured: Config['limits'], name: string): Config['limits'][string] {
  return Object.entries(configured).find(([key]) => key === name)?.[1] ?? {}
}

// A key that is there without a value would take away what another table says.
function withoutUnset(table: Config['limits'][string]): object {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined))
}

function asLimits(table: Config['limits'][string]): UserLimits {
  const {
    sessions,
    jobs,
    jobs_waiting: jobsWaiting,
    schedules,
    cpus,
    memory_mib: mib,
    processes,
    open_files: openFiles,
    nice,
  } = table
  const { ides, profiles } = table
  const { stop_idle_after_seconds: idle, maximum_age_seconds: age } = table
  return {
    sessions: sessions ?? null,
    jobs: jobs ?? null,
    jobsWaiting: jobsWaiting ?? null,
    schedules: schedules ?? null,
    cpus: cpus ?? null,
    memoryBytes: mib === undefined ? null : mib * MIB,
    processes: processes ?? null,
    openFiles: openFiles ?? null,
    nice: nice ?? null,
    ides: ides ?? null,
    profiles: profiles ?? null,
    stopIdleAfter: idle === undefined ? null : idle * 1000,
    maximumAge: age === undefined ? null : age * 1000,
  }
}
