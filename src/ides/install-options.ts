import type { Log } from '../log.ts'
import type { InstallableIde } from './ide-family.ts'
import type { InstallProgress } from './install-steps.ts'

/** What an installation needs to know. */
export interface InstallOptions {
  readonly ide: InstallableIde
  /** Where IDEs are installed: `dataPaths(config).ides`. */
  readonly directory: string
  /** The caller's environment: PATH, HOME and where to fetch packages from. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly report: (progress: InstallProgress) => void
  readonly signal: AbortSignal
  /** True if the caller is root: Debian packages may be installed, and sessions run as other accounts. */
  readonly root: boolean
  /** An account that sessions run as, if one is known beforehand. */
  readonly account?: string
}
