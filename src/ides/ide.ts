import type { IdeName } from '../sessions/session.ts'
import type { ChosenVersions } from './language-version.ts'
import type { OwnProgram } from './own-program.ts'

/** What an IDE's command is made from. */
export interface IdeContext {
  readonly sessionId: string
  /** Path of the session without a trailing slash: `/s/<id>`. */
  readonly prefix: string
  readonly home: string
  /** The absolute path of the folder that it opens; the home without one. */
  readonly folder?: string | null
  /** The session's own secret, for the environment only, never for an argument. */
  readonly secret: string
  /** The Python and the R that it was started with, where some were chosen. */
  readonly versions?: ChosenVersions
  /** What `atelier` runs in its terminals; undefined if there is to be no such command. */
  readonly program?: OwnProgram
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

/** A request of a browser to an IDE; `path` as the IDE sees it without any prefix, with its query. */
export interface BrowserRequest {
  /** What the browser wants it for (Sec-Fetch-Dest of Fetch Metadata), if it says so. */
  readonly destination?: string | string[] | undefined
  readonly method: string
  readonly path: string
}

/** A data frame of a WebSocket from a browser to an IDE (RFC 6455, 5.2); pings, pongs and closes are none. */
export interface BrowserFrame {
  /** Path of the WebSocket as the IDE sees it without any prefix, with its query. */
  readonly path: string
  /** True if the payload is compressed and cannot be read, so that only its length tells anything. */
  readonly compressed: boolean
  /** Bytes of the payload, as sent. */
  readonly length: number
  /** The first bytes of the payload, unmasked and decompressed: of those that were sent at most `FRAME_START_BYTES`. */
  readonly start: Buffer
}

/** How much of a frame's payload is looked at. */
export const FRAME_START_BYTES = 512

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
  /**
   * True while the IDE itself says that it computes, such as a busy kernel; its processors and terminals are looked at
   * for all IDEs alike. Throws when it does not tell.
   */
  busy(probe: Probe, prefix: string, signal: AbortSignal): Promise<boolean>
  /** True if somebody is at work by this request; false for what an open page asks for by itself. */
  isUse(request: BrowserRequest): boolean
  /** The same for what is sent on a WebSocket. */
  isUseFrame(frame: BrowserFrame): boolean
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
