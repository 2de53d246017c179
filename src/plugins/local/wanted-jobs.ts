import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { RequestOf } from '../../launcher/protocol-schemas.ts'

/** Who asks: a user, or `*` for who may see the jobs of all. */
export interface Asking {
  readonly username: string
}

/** True if the one who asks may know of a job of this user. */
export function mayKnow({ username }: Asking, user: string): boolean {
  return username === '*' || username === user
}

/** A job as it is told, with only these fields and its id; with all if there are none. */
export function onlyFields(job: object, fields: readonly string[]): object {
  if (fields.length === 0) return job
  return Object.fromEntries(
    Object.entries(job).filter(([name]) => name === 'id' || fields.includes(name)),
  )
}

/** The user of a job that is submitted. Throws PluginError if it is nobody, or not the one who asks. */
export function userOf({ username, job }: Pick<RequestOf<2>, 'username' | 'job'>): string {
  const user = job.user || (username === '*' ? '' : username)
  if (user === '') {
    throw new PluginError(PLUGIN_ERROR.invalidRequest, 'The job has no user.')
  }
  if (mayKnow({ username }, user)) return user
  throw new PluginError(PLUGIN_ERROR.invalidRequest, `${username} starts no jobs of ${user}.`)
}
