import type { JobUsage } from '../launcher/job.ts'
import type { Session } from '../sessions/session.ts'

/** What the answer adds to the session's row, from memory. */
export interface SessionExtras {
  lastUsed(session: Session): Date
  usage(session: Session): JobUsage | undefined
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
    profile: session.profile,
    url: `/s/${session.id}/`,
    state: session.state,
    desired: session.desired,
    reason: session.reason,
    logTail: session.logTail,
    createdAt: session.createdAt,
    stateAt: session.stateAt,
    lastUsedAt: extras.lastUsed(session),
    cpuPercent: usage?.cpuPercent ?? null,
    memoryBytes: usage?.residentBytes ?? null,
    version: session.version,
  }
}
