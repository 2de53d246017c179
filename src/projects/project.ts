/** What makes a folder a project: a project file of RStudio, a folder that VS Code or JupyterLab had open, a git working copy. */
export const PROJECT_KINDS = ['rstudio', 'vscode', 'jupyter', 'git'] as const

/** A kind of project. */
export type ProjectKind = (typeof PROJECT_KINDS)[number]

/** A folder that its owner works in. */
export interface Project {
  /** Its absolute path. */
  readonly path: string
  /** The last part of the path. */
  readonly name: string
  /** Of several the first of the list. */
  readonly kind: ProjectKind
  /** When it was last worked with, as its files tell; null if they do not. */
  readonly lastUsedAt: Date | null
  /** The branch of git that is checked out; null without one. */
  readonly branch: string | null
}

/** What was found in a home. */
export interface FoundProjects {
  /** Those that were used last come first. */
  readonly projects: readonly Project[]
  /** False if it took too long to look at everything. */
  readonly complete: boolean
}
