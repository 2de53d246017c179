import type { ProjectKind } from '../../projects/project.ts'
import type { IdeName } from '../../sessions/session.ts'

/** What makes a folder a project, for people. */
export const KIND_WORDS: Readonly<Record<ProjectKind, string>> = {
  rstudio: 'RStudio project',
  vscode: 'opened in VS Code',
  jupyter: 'opened in JupyterLab',
  git: 'git working copy',
}

const USUAL: Readonly<Record<ProjectKind, readonly IdeName[]>> = {
  rstudio: ['rstudio', 'vscode', 'jupyterlab', 'jupyter-notebook'],
  vscode: ['vscode', 'jupyterlab', 'rstudio', 'jupyter-notebook'],
  jupyter: ['jupyterlab', 'jupyter-notebook', 'vscode', 'rstudio'],
  git: ['vscode', 'jupyterlab', 'rstudio', 'jupyter-notebook'],
}

/** The IDEs that a project can be opened with, the one that suits it first; of a git working copy that is the user's usual one. */
export function idesFor(
  kind: ProjectKind,
  usable: readonly IdeName[],
  usual: IdeName | null,
): readonly IdeName[] {
  const first = kind === 'git' && usual !== null ? [usual] : []
  return [...new Set([...first, ...USUAL[kind]])].filter((ide) => usable.includes(ide))
}

/** A path as people write it, with `~` for the home that most of these paths are in. */
export function shortPath(path: string, home: string | null): string {
  return home !== null && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}

/** The home of somebody of this name, if the paths are in one that is called so. */
export function homeIn(paths: readonly string[], user: string): string | null {
  const homes = paths.flatMap((path) => {
    const at = path.indexOf(`/${user}/`)
    return at < 0 ? [] : [path.slice(0, at + user.length + 1)]
  })
  const [first] = homes
  return first !== undefined && homes.every((home) => home === first) ? first : null
}
