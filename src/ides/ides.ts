import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import type { IdeName } from '../sessions/session.ts'
import type { Ide, IdeStatus } from './ide.ts'
import { familyOf, familyPaths, isInstallable, type InstallableIde } from './ide-family.ts'
import { describeInstallState, installerAlive, readInstallState } from './install-state.ts'
import { ownProgram } from './installed.ts'
import { JupyterLab } from './jupyterlab.ts'
import { JupyterNotebook } from './jupyter-notebook.ts'
import type { Program } from './program.ts'
import { RStudio } from './rstudio.ts'
import { RStudioServer } from './rstudio-server.ts'
import { SystemPrograms } from './system-programs.ts'
import { VsCode } from './vscode.ts'

/** Folders where a system keeps programs for all its accounts, in the order of their rank. */
export const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/lib/rstudio-server/bin'

/** All IDEs, and which of them can be used now: Atelier's own installation first, then one of the system. */
export class Ides {
  readonly #directory: string
  readonly #system: SystemPrograms
  readonly #rstudio: RStudioServer
  readonly #ides: Readonly<Record<IdeName, Ide>>

  /**
   * `directory` is where Atelier installs IDEs; `path` lists the folders of the system's own programs as $PATH does;
   * `rserver` is the RStudio Server to use in place of one found there.
   */
  constructor(options: {
    directory: string
    path?: string
    rserver?: string | undefined
    log: Log
  }) {
    this.#directory = options.directory
    this.#system = new SystemPrograms({ path: options.path ?? SYSTEM_PATH, log: options.log })
    this.#rstudio = new RStudioServer({ system: this.#system, file: options.rserver })
    this.#ides = {
      jupyterlab: new JupyterLab({ find: () => this.#require('jupyterlab') }),
      'jupyter-notebook': new JupyterNotebook({ find: () => this.#require('jupyter-notebook') }),
      vscode: new VsCode({ find: () => this.#require('vscode') }),
      rstudio: new RStudio({ find: () => this.#rstudio.require() }),
    }
  }

  /** The IDE of this name, installed or not. */
  get(name: IdeName): Ide {
    return this.#ides[name]
  }

  /** The Jupyter that executes notebooks. Throws IDE_MISSING or IDE_INSTALLING with what to do about it. */
  async jupyter(): Promise<Program> {
    return (await this.#find('jupyter-notebook')) ?? this.#require('jupyterlab')
  }

  /** Whether each IDE can be used now. It reads a few small files: cheap enough to ask every second. */
  async list(): Promise<readonly IdeStatus[]> {
    return Promise.all(IDE_NAMES.map((name) => this.#status(name)))
  }

  async #status(name: IdeName): Promise<IdeStatus> {
    const { title } = this.#ides[name]
    if (!isInstallable(name)) return { name, title, ...(await this.#rstudio.status()) }
    const program = await this.#find(name)
    if (program !== undefined) {
      const { version } = program
      const nothing = { step: null, percent: null, message: null, mend: null }
      return { name, title, state: 'installed', version, ...nothing }
    }
    const state = await readInstallState(familyPaths(this.#directory, familyOf(name)).state)
    const alive = state !== undefined && (await installerAlive(state))
    return { name, title, ...describeInstallState(name, state, alive) }
  }

  async #find(name: InstallableIde): Promise<Program | undefined> {
    return (await ownProgram(this.#directory, name)) ?? (await this.#system.find(name))
  }

  async #require(name: InstallableIde): Promise<Program> {
    const program = await this.#find(name)
    if (program !== undefined) return program
    const { title, state, percent, message, mend } = await this.#status(name)
    if (state === 'installing') {
      throw new AtelierError(
        'IDE_INSTALLING',
        `${title} is still being installed (${percent ?? 0} %). Try again shortly.`,
      )
    }
    throw new AtelierError(
      'IDE_MISSING',
      `${title} cannot be used. ${message ?? ''} An administrator can mend it with: ${mend ?? ''}`,
    )
  }
}
