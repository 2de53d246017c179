import type { Language, VersionView } from '../../ides/language-version.ts'
import type { JobKind } from '../../jobs/workbench-job.ts'
import type { VersionOffer } from '../new-session/offered-versions.ts'

const NOTHING: VersionOffer = { options: [], note: null }

/** The versions of a language that a job of this kind can be run by; nothing where it has no place. */
export function jobVersions(
  kind: JobKind | null,
  language: Language,
  versions: readonly VersionView[],
): VersionOffer {
  const isMeant =
    kind === 'notebook' || kind === 'shell' || kind === (language === 'r' ? 'r' : 'python')
  if (!isMeant) return NOTHING
  const found = versions
    .filter((version) => version.language === language)
    // A notebook runs on a Python only if that has a kernel.
    .filter(({ kernel }) => language === 'r' || kind !== 'notebook' || kernel)
  const [only] = found
  if (only === undefined || (found.length === 1 && kind !== 'notebook')) {
    return only === undefined || kind === 'shell'
      ? NOTHING
      : { options: [], note: `${only.label} is the only one.` }
  }
  return { options: found.map(({ id, label }) => ({ value: id, label })), note: null }
}
