import type { Language, VersionView } from '../../ides/language-version.ts'
import type { IdeName } from '../../sessions/session.ts'

/** One line of a select. */
export interface VersionOption {
  readonly value: string
  readonly label: string
}

/**
 * The versions of a language to choose from for an IDE; none if there is no choice. Jupyter runs a Python only if that
 * has a kernel, and its usual one is its own, which is not among them; RStudio runs none.
 */
export function offeredVersions(
  ide: IdeName | null,
  language: Language,
  versions: readonly VersionView[],
): readonly VersionOption[] {
  if (ide === null || (ide === 'rstudio' && language === 'python')) return []
  const ownPython = language === 'python' && (ide === 'jupyterlab' || ide === 'jupyter-notebook')
  const options = versions
    .filter((version) => version.language === language && (version.kernel || !ownPython))
    .map(({ id, label }) => ({ value: id, label }))
  return options.length > (ownPython ? 0 : 1) ? options : []
}
