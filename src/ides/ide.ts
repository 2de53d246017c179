import type { IdeName } from '../sessions/session.ts'
import type { ChosenVersions } from './language-version.ts'

/** What an IDE's command is made from. */
export interface IdeContext {
  readonly sessionId: string
  /** Path of the session without a trailing slash: `/s/<id>`. */
  readonly prefix: string
  readonly home: string
  /** The session's own secret, for the environment only, never for an argument. */
  readonly secret: string
  /** The Python and the R that it was started with, where some were chosen. */
  readonly versions?: ChosenVersions
}

/**
 * A command for the Launcher. In `script`, run by /bin/sh, two variables are set by the back end:
 * $ATELIER_SOCKET (path where the IDE must listen) and $ATELIER_DIRECTORY (private to this session, gone after it).
 */
export interface IdeCommand {
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
}

/** An answer to a probe; `body` is cut at 1 MiB. */
export interface ProbeResponse {
  readonly status: number
  readonly body: string
}

/** Asks the IDE itself, past the proxy, with its `headers`; `path` as the IDE sees it. Throws if it does not answer. */
export type Probe = (path: string, signal: AbortSignal) => Promise<ProbeResponse>

/** What is known of a request on its way to an IDE. */
export interface IdeRequest {
  /** Path of the session without a trailing slash: `/s/<id>`. */
  readonly prefix: string
  /** The whole URL as the browser asked for it. */
  readonly url: string
}

/** One kind of IDE: how it is started and spoken to. It holds no state and starts nothing itself. */
export interface Ide {
  readonly name: IdeName
  /** Its name for people. */
  readonly title: string
  /** True if it answers at `/s/<id>/…`, false if it wants the prefix stripped. */
  readonly keepsPrefix: boolean
  /** The names of the cookies that its pages have; web apps that the session serves below the same path never see them. */
  readonly cookies?: RegExp
  /** The command of a session; throws AtelierError IDE_MISSING or IDE_INSTALLING with what to do about it. */
  command(context: IdeContext): Promise<IdeCommand>
  /** Headers that the proxy adds to each request to the IDE; they never reach a browser. */
  headers(secret: string): Readonly<Record<string, string>>
  /** Further headers that differ from request to request, names in lower case, for an IDE that wants such. */
  requestHeaders?(request: IdeRequest): Readonly<Record<string, string>>
  /** True once the IDE can be used. `prefix` is `/s/<id>`. */
  ready(probe: Probe, prefix: string, signal: AbortSignal): Promise<boolean>
  /** True while it computes although nobody looks, such as a busy kernel. */
  busy(probe: Probe, prefix: string, signal: AbortSignal): Promise<boolean>
}

/** Whether an IDE can be used now, and what to do when it cannot. */
export interface IdeStatus {
  readonly name: IdeName
  readonly title: string
  readonly state: 'installed' | 'installing' | 'missing' | 'failed'
  /** The IDE's own version, when installed. */
  readonly version: string | null
  /** What the installation is doing, in a few words, and how far it is (0 to 100). */
  readonly step: string | null
  readonly percent: number | null
  /** Why it is missing or failed, and the exact command that mends it. */
  readonly message: string | null
  readonly mend: string | null
}
