import type { SendHandle } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** What the commands need of the process that they run in; only main knows the process itself. */
export interface CliContext {
  readonly version: string
  /** The program's own entry file and the Node that runs it, for processes of ours. */
  readonly script: string
  readonly execPath: string
  /** The folder with the built pages. */
  readonly webDirectory: string
  readonly environment: NodeJS.ProcessEnv
  /** The account that this process runs as. */
  readonly account: { readonly name: string; readonly home: string; readonly root: boolean }
  readonly stdin: Readable
  readonly stdout: Output & Writable
  readonly stderr: Output
  /** The `atelier start` that this process belongs to, if it does. */
  readonly parent: ParentChannel | undefined
  /**
   * Aborted by SIGTERM, SIGINT, a closed terminal and the death of the process that started us. SIGHUP calls `onHangUp`
   * where there is one, unless it comes from a terminal that is being closed.
   */
  stopSignal(onHangUp?: () => void): AbortSignal
}

/** Where a command writes to. */
export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** The channel between a process and the `atelier start` that keeps it running. */
export interface ParentChannel {
  send(message: object, handle?: SendHandle): void
  /** Calls `listener` with each message, also those that came before the call. */
  onMessage(listener: (message: unknown, handle: unknown) => void): void
}
