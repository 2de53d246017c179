import { z } from 'zod'
import type { JobUsage } from '../launcher/job.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { IDE_NAMES, SESSION_DESIRES, SESSION_STATES, type Session } from '../sessions/session.ts'

const time = z.iso.datetime()

/** A session as the API answers it to its owner. */
export const sessionAnswer = z
  .object({
    id: z.string(),
    name: z.string().nullable().describe('What its owner calls it.'),
    ide: z.enum(IDE_NAMES),
    python: z.string().nullable().describe('The id of the chosen Python; null for the usual one.'),
    r: z.string().nullable().describe('The id of the chosen R; null for the usual one.'),
    url: z.string().describe('Where the IDE answers: `/s/<id>/`.'),
    state: z.enum(SESSION_STATES).describe('Stopped and Failed are final.'),
    desired: z.enum(SESSION_DESIRES).describe('What its owner wants of it.'),
    reason: z.string().nullable().describe('Why it is in this state, as a sentence.'),
    logTail: z.string().nullable().describe("The IDE's last lines, once it has failed."),
    createdAt: time,
    stateAt: time.describe('When the present state began.'),
    lastUsedAt: time,
    cpuPercent: z.number().nullable().describe('Percent of one processor; null if not known.'),
    memoryBytes: z.number().nullable().describe('Null if not known.'),
    version: z
      .int()
      .describe('Grows with every change, except of lastUsedAt, cpuPercent and memoryBytes.'),
  })
  .meta({ id: 'Session', description: 'One running IDE of one user.' })

/** A session as the API answers it: without node, epoch, job and location, which are ours. */
export type SessionJson = DeepReadonly<z.input<typeof sessionAnswer>>

/** What the answer adds to the session's row, from memory. */
export interface SessionExtras {
  lastUsed(session: Session): Date
  usage(session: Session): JobUsage | undefined
}

/** The session's answer; see `sessionAnswer`. */
export function sessionJson(session: Session, extras: SessionExtras): SessionJson {
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
    createdAt: session.createdAt.toISOString(),
    stateAt: session.stateAt.toISOString(),
    lastUsedAt: extras.lastUsed(session).toISOString(),
    cpuPercent: usage?.cpuPercent ?? null,
    memoryBytes: usage?.residentBytes ?? null,
    version: session.version,
  }
}
