import { AtelierError } from '../errors.ts'
import type { JobSpec } from '../launcher/job.ts'
import type { Limits } from './limits.ts'
import type { Profile, Profiles } from './profiles.ts'
import type { IdeName, SessionLimits } from './session.ts'
import type { UserLimits } from './user-limits.ts'

/** What somebody gets who starts a session. */
export interface Grant {
  /** The name of the resource profile; null if there is none. */
  readonly profile: string | null
  readonly limits: SessionLimits
  /** How many sessions the user may have at a time; null for any number. */
  readonly most: number | null
}

/** What somebody gets who submits a job. */
export interface JobGrant {
  /** The name of the resource profile; null if there is none. */
  readonly profile: string | null
  readonly limits: SessionLimits
  /** How many jobs the user may have that run or wait; null for any number. */
  readonly mostLiving: number | null
}

const MIB = 1024 * 1024

/** Decides by the limits and the resource profiles in force what a session or a job may be and use. */
export class Grants {
  readonly #limits: Pick<Limits, 'of'>
  readonly #profiles: Pick<Profiles, 'choose'>

  constructor(parts: { limits: Pick<Limits, 'of'>; profiles: Pick<Profiles, 'choose'> }) {
    this.#limits = parts.limits
    this.#profiles = parts.profiles
  }

  /** What this user gets for what is wanted. Throws IDE_NOT_ALLOWED or PROFILE_UNKNOWN. */
  async grant(
    user: string,
    wanted: { readonly ide: IdeName; readonly profile: string | null },
  ): Promise<Grant> {
    const limits = await this.#limits.of(user)
    if (limits.ides?.includes(wanted.ide) === false) {
      const allowed = limits.ides.join(', ')
      const which = allowed === '' ? 'You may start none' : `You may start: ${allowed}`
      throw new AtelierError('IDE_NOT_ALLOWED', `You may not start this IDE. ${which}.`)
    }
    const profile = await this.#profiles.choose(user, wanted.profile)
    return {
      profile: profile?.name ?? null,
      limits: sessionLimits(profile, limits),
      most: limits.sessions,
    }
  }

  /** What this user gets for a job with this profile, null for the usual one. Throws PROFILE_UNKNOWN. */
  async grantJob(user: string, wanted: string | null): Promise<JobGrant> {
    const limits = await this.#limits.of(user)
    const profile = await this.#profiles.choose(user, wanted)
    return {
      profile: profile?.name ?? null,
      limits: sessionLimits(profile, limits),
      mostLiving: mostLivingJobs(limits),
    }
  }
}

/** Jobs that may wait where nothing is said: every node keeps them in memory. */
const WAITING_MOST = 1000

/**
 * How many jobs somebody with these limits may have that run or wait; none may wait where none may run, and where any number
 * may run those count as waiting.
 */
export function mostLivingJobs({
  jobs,
  jobsWaiting,
}: Pick<UserLimits, 'jobs' | 'jobsWaiting'>): number {
  if (jobs === 0) return 0
  return (jobs ?? 0) + (jobsWaiting ?? WAITING_MOST)
}

/** What a session with this profile, or with none, may use if its user has these limits. */
export function sessionLimits(profile: Profile | null, limits: UserLimits): SessionLimits {
  const { cpus, memoryBytes } = profile ?? limits
  const { processes, openFiles, nice } = limits
  return { cpus, memoryBytes, processes, openFiles, nice }
}

/** What the Launcher is told of what a session may use, in its units. */
export function jobLimits(
  profile: string | null,
  { cpus, memoryBytes, processes, openFiles, nice }: SessionLimits,
): Pick<JobSpec, 'resourceProfile' | 'resourceLimits'> {
  const limits = {
    cpuCount: cpus,
    memory: memoryBytes === null ? null : memoryBytes / MIB,
    processes,
    openFiles,
    nice,
  }
  const resourceLimits = Object.entries(limits).flatMap(([type, value]) =>
    value === null ? [] : [{ type, value: String(value) }],
  )
  return {
    ...(profile !== null && { resourceProfile: profile }),
    ...(resourceLimits.length > 0 && { resourceLimits }),
  }
}
