/** The IDEs that a session can run. */
export const IDE_NAMES = ['jupyterlab', 'jupyter-notebook', 'vscode', 'rstudio'] as const

/** The name of an IDE, as in the API and the sessions table. */
export type IdeName = (typeof IDE_NAMES)[number]

/**
 * States of a session, as users see them; Stopped and Failed are final. Lost is one whose server is out of reach: it comes
 * back by itself if the server does, unless its owner starts it again elsewhere.
 */
export const SESSION_STATES = [
  'Starting',
  'Active',
  'Idle',
  'Lost',
  'Stopping',
  'Stopped',
  'Failed',
] as const

/** A state of a session. */
export type SessionState = (typeof SESSION_STATES)[number]

/** What its owner wants of a session; `killed` is stopped without waiting for the IDE to agree. */
export const SESSION_DESIRES = ['running', 'stopped', 'killed'] as const

/** A wish about a session. */
export type SessionDesire = (typeof SESSION_DESIRES)[number]

/** Where a session answers: a unix socket on its node, or a TCP address. */
export type Location =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'address'; readonly host: string; readonly port: number }

/** What a session may use of its server; null where it may use everything. */
export interface SessionLimits {
  /** Processors, also parts of one. */
  readonly cpus: number | null
  readonly memoryBytes: number | null
  /** Processes and threads. */
  readonly processes: number | null
  /** Of each process. */
  readonly openFiles: number | null
  /** How far its processes stand back behind others, 0 to 19. */
  readonly nice: number | null
}

/** One running IDE of one user, at `/s/<id>/`: a row of the sessions table. */
export interface Session {
  readonly id: string
  readonly user: string
  /** What its owner calls it; null until somebody names it. */
  readonly name: string | null
  readonly ide: IdeName
  /** The id of the Python that was chosen for it; null for whatever its account runs anyway. */
  readonly python: string | null
  /** The same for R. */
  readonly r: string | null
  /** The resource profile it was started with; null where none was configured. */
  readonly profile: string | null
  /** The absolute path of the folder that its IDE opens; null for the home. */
  readonly folder: string | null
  /** What it was granted at its start; null of one that was started before there were limits. */
  readonly limits: SessionLimits | null
  readonly desired: SessionDesire
  readonly state: SessionState
  /** Why it is in this state, as a sentence for its owner; null when there is nothing to say. */
  readonly reason: string | null
  /** The IDE's last lines, kept when the session failed. */
  readonly logTail: string | null
  /** The name of the node that holds it. */
  readonly node: string
  /** Grows by one whenever another node takes the session over. */
  readonly epoch: number
  /** Grows by one with every change of the row; a hint carries it. */
  readonly version: number
  readonly jobId: string | null
  readonly location: Location | null
  readonly createdAt: Date
  /** When the present state began. */
  readonly stateAt: Date
  readonly lastUsedAt: Date
  /** When it was last seen to compute; null if never. */
  readonly lastBusyAt: Date | null
  /** Until when its owner wants it kept, whatever the limits; null if no longer than them. */
  readonly keepUntil: Date | null
  /** Why it is to be stopped, as a sentence, if not by its owner. */
  readonly stopReason: string | null
}

/** True for the states that a session never leaves. */
export function isFinal(state: SessionState): boolean {
  return state === 'Stopped' || state === 'Failed'
}
