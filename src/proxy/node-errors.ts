import type { IncomingHttpHeaders } from 'node:http'
import { AtelierError, type ErrorCode } from '../errors.ts'
import type { Session } from '../sessions/session.ts'

/** By what a node tells another one, and nobody else, why it did not take a request that was passed on. */
const MARKS = { SESSION_MOVED: 'x-atelier-moved', NODE_STOPPING: 'x-atelier-stopping' } as const

/** The error for whoever waits for a node that does not answer; `since` is when it was found dead, if it was. `isJob` if what a job printed is asked for. */
export function nodeUnreachable(
  node: string,
  since?: Date,
  cause?: unknown,
  isJob?: boolean,
): AtelierError {
  const what = since ? `has not answered since ${timeOf(since)}` : 'does not answer'
  const message = isJob
    ? `The server ${node}, which keeps what this job prints, ${what}. It may be restarting, or out of reach; the job itself may well go on.`
    : `The server ${node}, which runs this session, ${what}. It may be restarting, or out of reach; the session itself may well go on.`
  return new AtelierError('NODE_UNREACHABLE', message, { cause })
}

/** The error for whoever asks for a session whose server was given up. */
export function sessionLost({ node, stateAt }: Pick<Session, 'node' | 'stateAt'>): AtelierError {
  const message = `The server ${node} of this session is lost since ${timeOf(stateAt)}. The session comes back with its server, or can be started again elsewhere from your sessions page.`
  return new AtelierError('SESSION_LOST', message)
}

/** The header to be put on the answer to another node, if the error is one that it mends by itself. */
export function markOf(code: ErrorCode): string | undefined {
  return code === 'SESSION_MOVED' || code === 'NODE_STOPPING' ? MARKS[code] : undefined
}

/** Why another node did not take a request; undefined if this is the answer to it. */
export function refusalOf(status: number, headers: IncomingHttpHeaders): AtelierError | undefined {
  if (status === 421 && headers[MARKS.SESSION_MOVED] !== undefined) {
    return new AtelierError('SESSION_MOVED')
  }
  if (status === 503 && headers[MARKS.NODE_STOPPING] !== undefined) {
    return new AtelierError('NODE_STOPPING')
  }
  return undefined
}

function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
