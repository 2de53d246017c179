import type { IncomingMessage, ServerResponse } from 'node:http'
import { asAtelierError, type AtelierError, type ErrorCode } from '../errors.ts'
import type { Log } from '../log.ts'
import { appUnreachable } from '../sessions/session-ports.ts'
import { sendError } from './answers.ts'
import type { Target } from './targets.ts'

/** Answers for what went wrong, and logs what its operator should know: no more than once while an IDE is away. */
export class Failures {
  readonly #log: Log

  constructor({ log }: { log: Log }) {
    this.#log = log
  }

  /** Tells the browser, unless it left, and the log. `target` is the IDE if the request came that far. */
  tell(request: IncomingMessage, response: ServerResponse, thrown: unknown, target?: Target): void {
    const error = asErrorOf(target, asAtelierError(thrown))
    const { code, cause: err } = error
    if (code === 'CLIENT_GONE') {
      response.destroy()
      return
    }
    if (code === 'INTERNAL') {
      this.#log.error({ err, session: target?.sessionId }, 'a request to a session failed')
    } else if (isAway(code) && target?.reachable === true) {
      target.reachable = false
      this.#log.warn(
        { err, code, session: target.sessionId },
        'the IDE of a session does not answer',
      )
    }
    sendError(request, response, error)
  }
}

/** The error as it is told of a web app: how that fares is for its user to see, and nothing for the log. */
function asErrorOf(target: Target | undefined, error: AtelierError): AtelierError {
  if (target?.port === undefined || !isAway(error.code)) return error
  return appUnreachable(target.port, error.cause)
}

function isAway(code: ErrorCode): boolean {
  return code === 'IDE_UNREACHABLE' || code === 'IDE_TIMEOUT'
}
