import type { Config } from '../config.ts'
import { AtelierError } from '../errors.ts'
import type { JobSpec } from '../launcher/job.ts'

/** A resource profile: what a session that is started with it may use; null where it may use everything. */
export interface Profile {
  readonly name: string
  /** What people are shown. */
  readonly title: string
  readonly cpus: number | null
  readonly memoryBytes: number | null
}

const MIB = 1024 * 1024

/** The resource profiles that the configuration in force names, in its order. */
export class Profiles {
  readonly #configured: () => Config['profiles']

  constructor({ configured }: { configured: () => Config['profiles'] }) {
    this.#configured = configured
  }

  /** All of them; the first is the usual one. */
  list(): readonly Profile[] {
    return Object.entries(this.#configured()).map(([name, { title, cpus, memory_mib: mib }]) => ({
      name,
      title: title ?? name,
      cpus: cpus ?? null,
      memoryBytes: mib === undefined ? null : mib * MIB,
    }))
  }

  /**
   * The profile of this name, for null the usual one. Null if none is configured and none is wanted. Throws
   * PROFILE_UNKNOWN with those there are.
   */
  choose(name: string | null): Profile | null {
    const profiles = this.list()
    if (name === null) return profiles[0] ?? null
    const profile = profiles.find((each) => each.name === name)
    if (profile !== undefined) return profile
    const known = profiles.map((each) => each.name).join(', ')
    throw new AtelierError(
      'PROFILE_UNKNOWN',
      `There is no resource profile of that name. There ${known === '' ? 'are none' : `are: ${known}`}.`,
    )
  }
}

/** What the Launcher is told of a profile, in its units. */
export function limitsOf(
  profile: Profile | null,
): Pick<JobSpec, 'resourceProfile' | 'resourceLimits'> {
  if (profile === null) return {}
  const { name, cpus, memoryBytes } = profile
  return {
    resourceProfile: name,
    resourceLimits: [
      ...(cpus === null ? [] : [{ type: 'cpuCount', value: String(cpus) }]),
      ...(memoryBytes === null ? [] : [{ type: 'memory', value: String(memoryBytes / MIB) }]),
    ],
  }
}
