import type { JobUsage } from '../launcher/job.ts'
import type { Outlook } from '../sessions/idle-policy.ts'
import type { Session } from '../sessions/session.ts'

/** What the answer adds to the session's row, from memory. */
export interface SessionExtras {
  lastUsed(session: Session): Date
  usage(session: Session): JobUsage | undefined
  /** What is ahead of it if nobody uses it. */
  outlook(session: Session): Outlook
  /** The latest time until when it may be kept. */
  keepUntilAtMost(): Date
}

/** A session as the API answers it: without node, epoch, job and location, which are ours. */
export function sessionJson(session: Session, extras: SessionExtras) {
  const usage = extras.usage(session)
  return {
    id: session.id,
    name: session.name,
    ide: session.ide,
    python: session.python,
    r: session.r,
    url: `/s/${session.id}/`,
    state: session.state,
    desired: session.desired,
    reason: session.reason,
    logTail: session.logTail,
    createdAt: session.createdAt,
    stateAt: session.stateAt,
    ...sessionTimes(session, extras),
    keepUntil: session.keepUntil,
    keepUntilAtMost: extras.keepUntilAtMost(),
    cpuPercent: usage?.cpuPercent ?? null,
    memoryBytes: usage?.residentBytes ?? null,
    version: session.version,
  }
}

/** What changes of a session without a change of its row: when it was last used, when and why it will be stopped. */
export function sessionTimes(
  session: Session,
  extras: Pick<SessionExtras, 'lastUsed' | 'outlook'>,
) {
  const lives = session.state === 'Active' || session.state === 'Idle'
  const ahead = lives && session.desired === 'running' ? extras.outlook(session) : undefined
  return {
    lastUsedAt: extras.lastUsed(session),
    stopsAt: ahead?.stopsAt == null ? null : new Date(ahead.stopsAt),
    stopsFor: ahead?.stopsFor ?? null,
  }
}
