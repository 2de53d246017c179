import type { Config } from '../config.ts'
import { AtelierError } from '../errors.ts'
import type { Limits } from './limits.ts'
import type { UserLimits } from './user-limits.ts'

/** A resource profile: what a session that is started with it may use; null where it may use everything. */
export interface Profile {
  readonly name: string
  /** What people are shown. */
  readonly title: string
  readonly cpus: number | null
  readonly memoryBytes: number | null
}

const MIB = 1024 * 1024

/** The resource profiles that the configuration in force has for users. */
export class Profiles {
  readonly #configured: () => Config['profiles']
  readonly #limits: Pick<Limits, 'of'>

  constructor(parts: { configured: () => Config['profiles']; limits: Pick<Limits, 'of'> }) {
    this.#configured = parts.configured
    this.#limits = parts.limits
  }

  /** Those that this user may choose from, cut to what the user may have; the first is the usual one. */
  async list(user: string): Promise<readonly Profile[]> {
    return offeredProfiles(this.#all(), await this.#limits.of(user))
  }

  /**
   * The profile of this name for this user, for null the usual one. Null if there is none for the user and none is wanted.
   * Throws PROFILE_UNKNOWN with those there are.
   */
  async choose(user: string, name: string | null): Promise<Profile | null> {
    const offered = await this.list(user)
    if (name === null) return offered[0] ?? null
    const profile = offered.find((each) => each.name === name)
    if (profile !== undefined) return profile
    const known = offered.map((each) => each.name).join(', ')
    const isThere = this.#all().some((each) => each.name === name)
    const what = isThere ? 'You may not choose this resource profile' : NO_SUCH_PROFILE
    const choice = `There ${known === '' ? 'are none' : `are: ${known}`}${isThere ? ' for you' : ''}.`
    throw new AtelierError('PROFILE_UNKNOWN', `${what}. ${choice}`)
  }

  #all(): readonly Profile[] {
    return Object.entries(this.#configured()).map(([name, { title, cpus, memory_mib: mib }]) => ({
      name,
      title: title ?? name,
      cpus: cpus ?? null,
      memoryBytes: mib === undefined ? null : mib * MIB,
    }))
  }
}

const NO_SUCH_PROFILE = 'There is no resource profile of that name'

/** Of all profiles those that somebody with these limits may choose from, in the order of the limits, cut to them. */
export function offeredProfiles(
  all: readonly Profile[],
  limits: Pick<UserLimits, 'profiles' | 'cpus' | 'memoryBytes'>,
): readonly Profile[] {
  const names = limits.profiles ?? all.map(({ name }) => name)
  return [...new Set(names)]
    .flatMap((name) => all.filter((each) => each.name === name))
    .map((profile) => ({
      ...profile,
      cpus: smaller(profile.cpus, limits.cpus),
      memoryBytes: smaller(profile.memoryBytes, limits.memoryBytes),
    }))
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}
