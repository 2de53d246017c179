import type { IncomingMessage, ServerResponse } from 'node:http'
import { asAtelierError, type AtelierError, type ErrorCode } from '../errors.ts'
import type { Log } from '../log.ts'
import { appUnreachable } from '../sessions/session-ports.ts'
import { sendError } from './answers.ts'
import { markOf } from './node-errors.ts'
import type { Hopping } from './parts.ts'
import type { Target } from './target.ts'

/** Answers for what went wrong, and logs what its operator should know: no more than once while an IDE is away. */
export class Failures {
  readonly #log: Log
  readonly #hopping: Hopping

  constructor({ log, hopping }: { log: Log; hopping: Hopping }) {
    this.#log = log
    this.#hopping = hopping
  }

  /** Tells the browser, unless it left, and the log. `target` is where the request was to go if it came that far. */
  tell(request: IncomingMessage, response: ServerResponse, thrown: unknown, target?: Target): void {
    const error = asErrorOf(target, asAtelierError(thrown))
    const { code, cause: err } = error
    if (code === 'CLIENT_GONE') {
      response.destroy()
      return
    }
    if (code === 'INTERNAL') {
      this.#log.error({ err, ...nameOf(target) }, 'a request to a session failed')
    } else if (isAway(code) && target?.reachable === true) {
      target.reachable = false
      const what = target.peer
        ? 'another node does not answer'
        : 'the IDE of a session does not answer'
      this.#log.warn({ err, code, ...nameOf(target) }, what)
    }
    this.mark(request, response, code)
    sendError(request, response, error)
  }

  /** Puts on an answer that has not begun what tells another node, and no browser, that it may mend the error by itself. */
  mark(request: IncomingMessage, response: ServerResponse, code: ErrorCode): void {
    const mark = markOf(code)
    if (mark === undefined || response.headersSent) return
    if (this.#isOfNode(request)) response.setHeader(mark, '1')
  }

  #isOfNode(request: IncomingMessage): boolean {
    try {
      return this.#hopping.open(request) !== undefined
    } catch {
      return false
    }
  }
}

function nameOf(target: Target | undefined): { session?: string | undefined; node?: string } {
  return target?.peer ? { node: target.peer.name } : { session: target?.sessionId }
}

/** The error as it is told of a web app: how that fares is for its user to see, and nothing for the log. */
function asErrorOf(target: Target | undefined, error: AtelierError): AtelierError {
  if (target?.port === undefined || !isAway(error.code)) return error
  return appUnreachable(target.port, error.cause)
}

function isAway(code: ErrorCode): boolean {
  return code === 'IDE_UNREACHABLE' || code === 'IDE_TIMEOUT' || code === 'NODE_UNREACHABLE'
}
