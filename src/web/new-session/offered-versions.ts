import type { Language, VersionView } from '../../ides/language-version.ts'
import type { IdeName } from '../../sessions/session.ts'

/** One line of a select. */
export interface VersionOption {
  readonly value: string
  readonly label: string
}

/** The versions of a language to choose from, or a sentence why there is no choice; both empty where it has no place. */
export interface VersionOffer {
  readonly options: readonly VersionOption[]
  readonly note: string | null
}

const NOTHING: VersionOffer = { options: [], note: null }

/**
 * The versions of a language that a session of an IDE can be started with. Jupyter runs a Python only if that has a kernel,
 * and its usual one is its own, which is not among them; RStudio runs none.
 */
export function offeredVersions(
  ide: IdeName | null,
  language: Language,
  versions: readonly VersionView[],
): VersionOffer {
  if (ide === null || (ide === 'rstudio' && language === 'python')) return NOTHING
  const found = versions.filter((version) => version.language === language)
  const ownPython = language === 'python' && (ide === 'jupyterlab' || ide === 'jupyter-notebook')
  if (ownPython) return jupyterPythons(found)
  const [only] = found
  if (only === undefined) {
    const none = language === 'python' ? 'No Python was found on the server.' : 'No R was found.'
    return ide === 'rstudio' || language === 'python' ? { options: [], note: none } : NOTHING
  }
  return found.length === 1
    ? { options: [], note: `${only.label} is the only one.` }
    : { options: found.map(asOption), note: null }
}

function jupyterPythons(found: readonly VersionView[]): VersionOffer {
  const options = found.filter(({ kernel }) => kernel).map(asOption)
  if (options.length > 0) return { options, note: null }
  return {
    options,
    note:
      found.length === 0
        ? "Jupyter's own. No other Python was found on the server."
        : "Jupyter's own. Another is offered here once it has ipykernel: python3 -m pip install ipykernel",
  }
}

function asOption({ id, label }: VersionView): VersionOption {
  return { value: id, label }
}
