import { join } from 'node:path'
import type { IdeName } from '../sessions/session.ts'

/** What is installed together: JupyterLab and the Notebook share one Python environment. */
export type IdeFamily = 'jupyter' | 'vscode'

/** An IDE that Atelier can install itself; RStudio Server is its operator's to install. */
export type InstallableIde = Exclude<IdeName, 'rstudio'>

/** True for an IDE that Atelier can install itself. */
export function isInstallable(name: IdeName): name is InstallableIde {
  return name !== 'rstudio'
}

/** The family whose installation brings this IDE. */
export function familyOf(name: InstallableIde): IdeFamily {
  return name === 'vscode' ? 'vscode' : 'jupyter'
}

/** The command that installs an IDE, as a person types it. */
export function installCommand(name: InstallableIde): string {
  return `npm run atelier -- ide install ${name}`
}

/** Where a family lies below the IDEs' folder. */
export interface FamilyPaths {
  /** A symbolic link to the completed build; it changes in one step. */
  readonly link: string
  /** A new build's folder is this and something random. */
  readonly buildPrefix: string
  readonly state: string
  readonly lock: string
  /** Everything that the last installation's commands wrote. */
  readonly log: string
}

/** The paths of a family below the IDEs' folder. */
export function familyPaths(directory: string, family: IdeFamily): FamilyPaths {
  return {
    link: join(directory, family),
    buildPrefix: join(directory, `.${family}-`),
    state: join(directory, `${family}.state.json`),
    lock: join(directory, `${family}.lock`),
    log: join(directory, `${family}.log`),
  }
}
