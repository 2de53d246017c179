import { AtelierError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { SignedIn } from './signed-in.ts'

/** As much as is known of who asks. */
type Asking = Pick<SignedIn, 'user' | 'role' | 'scopes'>

/**
 * The sessions that are asked for: one's own, or for administrators those of `whose`, `*` being all. Throws
 * FORBIDDEN_SCOPE and ADMINISTRATORS_ONLY.
 */
export function sessionsOf(
  sessions: Pick<Sessions, 'listSessions' | 'allSessions'>,
  asking: Asking,
  whose: string = asking.user,
): readonly Session[] {
  const user = askedUser(asking, whose)
  return user === undefined ? sessions.allSessions() : sessions.listSessions(user)
}

/** Whose things are asked for: undefined is everybody's, which administrators name `*`. Throws as `sessionsOf`. */
export function askedUser(asking: Asking, whose: string = asking.user): string | undefined {
  if (whose === asking.user) return whose
  requireAdministrator(asking)
  return whose === '*' ? undefined : whose
}

/** Throws FORBIDDEN_SCOPE or ADMINISTRATORS_ONLY, unless an administrator asks with the scope for it. */
export function requireAdministrator(asking: Asking): void {
  if (!asking.scopes.includes('admin')) {
    const message = 'This needs the scope "admin", which your API token does not have.'
    throw new AtelierError('FORBIDDEN_SCOPE', message)
  }
  if (asking.role !== 'administrator') throw new AtelierError('ADMINISTRATORS_ONLY')
}

/** In whose name a session is stopped: for administrators in its owner's, for all others in their own, as if it were not there. */
export function ownerFor(
  sessions: Pick<Sessions, 'allSessions'>,
  { user, role, scopes }: Asking,
  id: string,
): string {
  if (role !== 'administrator' || !scopes.includes('admin')) return user
  return sessions.allSessions().find((session) => session.id === id)?.user ?? user
}
