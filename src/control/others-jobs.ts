import { AtelierError } from '../errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { SignedIn } from './signed-in.ts'

/** As much as is known of who asks. */
type Asking = Pick<SignedIn, 'user' | 'role' | 'scopes'>

/**
 * Whose jobs are asked for: one's own, or for administrators those of `whose`; undefined for all of them, which is `*`. Throws
 * FORBIDDEN_SCOPE and ADMINISTRATORS_ONLY.
 */
export function jobsOf({ user, role, scopes }: Asking, whose: string = user): string | undefined {
  if (whose === user) return user
  if (!scopes.includes('admin')) {
    const message = 'This needs the scope "admin", which your API token does not have.'
    throw new AtelierError('FORBIDDEN_SCOPE', message)
  }
  if (role !== 'administrator') throw new AtelierError('ADMINISTRATORS_ONLY')
  return whose === '*' ? undefined : whose
}

/** The job that is asked for: for administrators anybody's, for all others one's own. Throws JOB_NOT_FOUND. */
export async function jobFor(
  jobs: Pick<Jobs, 'getJob' | 'findJob'>,
  { user, role, scopes }: Asking,
  id: string,
): Promise<WorkbenchJob> {
  const mayAll = role === 'administrator' && scopes.includes('admin')
  return mayAll ? jobs.findJob(id) : jobs.getJob(user, id)
}
