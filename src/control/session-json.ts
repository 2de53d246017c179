import { z } from 'zod'
import type { SessionReport } from '../sessions/session-reports.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import {
  IDE_NAMES,
  isFinal,
  SESSION_DESIRES,
  SESSION_STATES,
  type Session,
} from '../sessions/session.ts'

const time = z.iso.datetime()

/** What changes of a session without a new version, as the data plane and the clock see it. */
const times = {
  lastUsedAt: time,
  stopsAt: time
    .nullable()
    .describe('When it will be stopped if nobody uses it and it does not compute; null if never.'),
  stopsFor: z.enum(['idle', 'age']).nullable().describe('Why it will be: unused, or too old.'),
}

/** A session as the API answers it to its owner. */
export const sessionAnswer = z
  .object({
    id: z.string(),
    user: z.string().describe('Whose it is.'),
    name: z.string().nullable().describe('What its owner calls it.'),
    ide: z.enum(IDE_NAMES),
    python: z.string().nullable().describe('The id of the chosen Python; null for the usual one.'),
    r: z.string().nullable().describe('The id of the chosen R; null for the usual one.'),
    profile: z
      .string()
      .nullable()
      .describe('The resource profile it was started with; null if there was none.'),
    folder: z.string().nullable().describe('The folder that its IDE opens; null for the home.'),
    limits: z
      .object({
        cpus: z.number().nullable().describe('Processors.'),
        memoryBytes: z.number().nullable(),
      })
      .describe('What it may use at most; null for everything.'),
    url: z.string().describe('Where the IDE answers: `/s/<id>/`.'),
    state: z.enum(SESSION_STATES).describe('Stopped and Failed are final.'),
    desired: z.enum(SESSION_DESIRES).describe('What its owner wants of it.'),
    reason: z.string().nullable().describe('Why it is in this state, as a sentence.'),
    logTail: z.string().nullable().describe("The IDE's last lines, once it has failed."),
    createdAt: time,
    stateAt: time.describe('When the present state began.'),
    ...times,
    keepUntil: time.nullable().describe('Until when its owner wants it kept.'),
    keepUntilAtMost: time.describe('The latest time until when it may be kept.'),
    node: z.string().describe('The name of the node that holds it.'),
    reachable: z
      .boolean()
      .describe('False while its node does not answer; it comes back by itself, or becomes Lost.'),
    cpuPercent: z.number().nullable().describe('Percent of one processor; null if not known.'),
    memoryBytes: z.number().nullable().describe('Null if not known.'),
    version: z
      .int()
      .describe(
        'Grows with every change of what the owner or its state decides, not of times and usage.',
      ),
  })
  .meta({ id: 'Session', description: 'One running IDE of one user.' })

/** A session as the API answers it: without epoch, job and location, which are ours. */
export type SessionJson = DeepReadonly<z.input<typeof sessionAnswer>>

/** What the answer adds to the session's row, from memory. */
export interface SessionExtras {
  /** What the node that holds it knows of it. */
  report(session: Session): SessionReport
  /** The latest time until when it may be kept. */
  keepUntilAtMost(): Date
  /** False while the node that holds it does not answer. */
  isReachable(session: Session): boolean
}

/** The session's answer; see `sessionAnswer`. */
export function sessionJson(session: Session, extras: SessionExtras): SessionJson {
  const report = extras.report(session)
  return {
    id: session.id,
    user: session.user,
    name: session.name,
    ide: session.ide,
    python: session.python,
    r: session.r,
    profile: session.profile,
    folder: session.folder,
    limits: {
      cpus: session.limits?.cpus ?? null,
      memoryBytes: session.limits?.memoryBytes ?? null,
    },
    url: `/s/${session.id}/`,
    state: session.state,
    desired: session.desired,
    reason: session.reason,
    logTail: session.logTail,
    createdAt: session.createdAt.toISOString(),
    stateAt: session.stateAt.toISOString(),
    ...reportJson(report),
    keepUntil: session.keepUntil?.toISOString() ?? null,
    keepUntilAtMost: extras.keepUntilAtMost().toISOString(),
    node: session.node,
    reachable: isFinal(session.state) || extras.isReachable(session),
    version: session.version,
  }
}

/** What changes of a session without a change of its row: its use, and when and why it will be stopped. */
export function reportJson({ cpuPercent, memoryBytes, ...told }: Omit<SessionReport, 'id'>) {
  return {
    cpuPercent,
    memoryBytes,
    lastUsedAt: new Date(told.lastUsedAt).toISOString(),
    stopsAt: told.stopsAt === null ? null : new Date(told.stopsAt).toISOString(),
    stopsFor: told.stopsFor,
  }
}
