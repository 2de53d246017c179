import type { Log } from '../log.ts'
import type { InstallableIde } from './ide-family.ts'
import type { Installed } from './installed.ts'
import type { InstallStep } from './install-steps.ts'

/** What the steps of one build work with. */
export interface InstallBuild {
  /** The build's folder: new, empty and at its final path. */
  readonly directory: string
  /** True if the system's own packages may be installed. */
  readonly root: boolean
  /** Variables of the caller's, such as PATH, HOME and where to fetch packages from. */
  readonly environment: Readonly<Record<string, string>>
  readonly log: Log
  /** Runs a command in `cwd` (else in the build) and resolves with its last lines; throws as `runInstallCommand`. */
  run(words: readonly [string, ...string[]], options?: RunOptions): Promise<string>
}

/** What differs from the usual in one command of a build. */
export interface RunOptions {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
}

/** How a family is built. */
export interface InstallPlan {
  /** Names the packages and the way they are put together; a build with the same recipe is left as it is. */
  readonly recipe: string
  steps(build: InstallBuild): readonly InstallStep[]
  /** What is in the build once the steps are done; throws if it does not work. */
  versions(build: InstallBuild): Promise<Installed['versions']>
  /** Brings an IDE by other means after the steps failed; true if this one can be used now. */
  rescue?(build: InstallBuild, ide: InstallableIde): Promise<boolean>
}
