/** Everything that can go wrong and is told to somebody: its HTTP status and a sentence for a person. */
export const ERRORS = {
  BAD_REQUEST: { status: 400, message: 'The request is not understood.' },
  NOT_SIGNED_IN: { status: 401, message: 'You are not signed in.' },
  SIGN_IN_LINK_INVALID: {
    status: 401,
    message: 'This sign-in link has been used or has expired. Make a new one with: atelier sign-in',
  },
  TOKEN_INVALID: {
    status: 401,
    message: 'This API token is wrong, has expired or was revoked. Make a new one.',
  },
  SIGN_IN_OTHERWISE: {
    status: 409,
    message: 'One signs in here in another way. Open the sign-in page to see how.',
  },
  SIGN_IN_FAILED: { status: 401, message: 'The user name or the password is wrong.' },
  ACCOUNT_REFUSED: { status: 403, message: 'This account may not sign in here.' },
  PASSWORD_EXPIRED: {
    status: 403,
    message:
      'Your password must be changed first. Do that on a terminal of the server (passwd), or ask its administrator.',
  },
  ADMINISTRATORS_ONLY: { status: 403, message: 'Only administrators may do this.' },
  LIMIT_REACHED: {
    status: 409,
    message: 'You have reached a limit that your administrator has set.',
  },
  IDE_NOT_ALLOWED: { status: 403, message: 'You may not start this IDE.' },
  FOREIGN_ORIGIN: { status: 403, message: 'This request comes from another web site.' },
  HOP_REFUSED: {
    status: 403,
    message: 'This request claims to come from another node, and does not.',
  },
  FORBIDDEN_SCOPE: { status: 403, message: 'Your API token does not allow this.' },
  NOT_FOUND: { status: 404, message: 'There is nothing at this address.' },
  SESSION_NOT_FOUND: { status: 404, message: 'There is no such session, or it is not yours.' },
  JOB_NOT_FOUND: { status: 404, message: 'There is no such job, or it is not yours.' },
  SCHEDULE_NOT_FOUND: { status: 404, message: 'There is no such schedule, or it is not yours.' },
  TOKEN_NOT_FOUND: { status: 404, message: 'There is no such API token, or it is not yours.' },
  NODE_NOT_FOUND: { status: 404, message: 'There is no node of that name.' },
  NOTICE_NOT_FOUND: { status: 404, message: 'There is no such notice.' },
  FOLDER_NOT_FOUND: { status: 404, message: 'There is no such folder.' },
  FOLDER_CLOSED: { status: 403, message: 'You may not look into this folder.' },
  PORT_NOT_SERVED: { status: 404, message: 'No program of this session listens on this port.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This address does not answer that method.' },
  REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
  VERSION_CONFLICT: {
    status: 409,
    message: 'The session has changed in the meantime. Read it again and repeat the change.',
  },
  JOB_STATE: { status: 409, message: 'The job is in a state that does not allow this.' },
  IDE_MISSING: { status: 409, message: 'This IDE is not installed on the server.' },
  IDE_INSTALLING: { status: 409, message: 'This IDE is still being installed. Try again shortly.' },
  VERSION_UNUSABLE: {
    status: 409,
    message: 'This Python or R cannot be used here. Choose another.',
  },
  PROFILE_UNKNOWN: { status: 409, message: 'There is no resource profile of that name.' },
  CLUSTER_UNKNOWN: { status: 409, message: 'There is no Launcher cluster of that name.' },
  COMMAND_UNKNOWN: { status: 409, message: 'There is no such command that jobs may run here.' },
  NODE_ONLINE: {
    status: 409,
    message: 'This node is online. Drain it, stop it, and remove it then.',
  },
  SESSION_NOT_LOST: {
    status: 409,
    message: 'Only a session whose server is lost can be started again elsewhere.',
  },
  TOO_MANY_TOKENS: {
    status: 409,
    message: 'You have 100 API tokens, which is as many as there can be. Revoke one first.',
  },
  OUTPUT_REMOVED: {
    status: 410,
    message: 'What this job has printed is not kept any more, as its time was over.',
  },
  SESSION_ENDED: { status: 410, message: 'This session has ended.' },
  PRECONDITION_FAILED: {
    status: 412,
    message: 'The session is no longer of the version that If-Match names. Read it again.',
  },
  REQUEST_TOO_LARGE: { status: 413, message: 'The request is too large.' },
  MISDIRECTED: {
    status: 421,
    message: 'This server does not take requests of browsers. Use the address of the cluster.',
  },
  SESSION_MOVED: { status: 421, message: 'Another server holds this session by now. Try again.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    message:
      'This Idempotency-Key was sent with another body before. Send a new key with each new request.',
  },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many requests. Wait a moment and try again.' },
  HEADERS_TOO_LARGE: { status: 431, message: 'The headers of the request are too large.' },
  CLIENT_GONE: { status: 499, message: 'The browser closed the request.' },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong on the server. Its log has the details.',
  },
  IDE_UNREACHABLE: { status: 502, message: 'The session does not answer.' },
  APP_UNREACHABLE: { status: 502, message: 'The web app of the session does not answer.' },
  SESSION_NOT_READY: { status: 503, message: 'The session is still starting.' },
  NODE_UNREACHABLE: {
    status: 503,
    message:
      'The server that runs this session does not answer. It may be restarting, or out of reach; the session itself may well go on.',
  },
  NODE_STOPPING: {
    status: 503,
    message: 'This server is restarting. Your session goes on meanwhile; try again shortly.',
  },
  NO_NODE: {
    status: 503,
    message: 'No server takes new sessions at the moment. Open sessions go on; try again shortly.',
  },
  SESSION_LOST: {
    status: 503,
    message:
      'The server of this session is lost. It comes back with its server, or can be started again elsewhere from your sessions page.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    message: 'The database is unavailable. Open sessions go on working; try again shortly.',
  },
  SIGN_IN_UNAVAILABLE: {
    status: 503,
    message:
      'Passwords cannot be checked on this server at the moment. Its log says why; tell its administrator.',
  },
  NAME_SERVICE_UNAVAILABLE: {
    status: 503,
    message: 'The accounts of this system cannot be looked up at the moment. Try again shortly.',
  },
  LAUNCHER_UNAVAILABLE: {
    status: 503,
    message: 'The Launcher is unavailable. Open sessions go on working; try again shortly.',
  },
  IDE_TIMEOUT: { status: 504, message: 'The session took too long to answer.' },
  DISK_FULL: { status: 507, message: "The server's disk is full. Free some space and try again." },
} as const satisfies Record<string, { status: number; message: string }>

/** A code of the list `ERRORS`. */
export type ErrorCode = keyof typeof ERRORS

/** An error of the list: Koa reads `status` and `expose`, Fastify `statusCode`; `message` is fit for a browser. */
export class AtelierError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly statusCode: number
  readonly expose = true

  /** Without `message` the list's own sentence is used; `cause` is for the log only. */
  constructor(code: ErrorCode, message?: string, options?: { cause?: unknown }) {
    super(message ?? ERRORS[code].message, options)
    this.name = 'AtelierError'
    this.code = code
    this.status = ERRORS[code].status
    this.statusCode = this.status
  }

  /** The JSON that the API answers for this error. */
  toJSON(): { error: { code: ErrorCode; message: string } } {
    return { error: { code: this.code, message: this.message } }
  }
}

/** The error as one of the list: anything else becomes INTERNAL with the original as its cause. */
export function asAtelierError(error: unknown): AtelierError {
  if (error instanceof AtelierError) return error
  return new AtelierError('INTERNAL', undefined, { cause: error })
}

/** The `code` of a system error such as ENOENT or ECONNREFUSED, if it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
