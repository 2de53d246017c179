/** The languages that a server may have in several versions. */
export type Language = 'python' | 'r'

/** How a version was found; `path` and `opt` are the system's, the others are named after what they are. */
export const VERSION_SOURCES = ['path', 'opt', 'pyenv', 'venv', 'conda', 'other', 'module'] as const

/** How a version was found. */
export type VersionSource = (typeof VERSION_SOURCES)[number]

/** One Python or R that the account of a session can run. */
export interface LanguageVersion {
  /** What it is chosen by: the path of its program, or `module:` and the module's name. */
  readonly id: string
  readonly language: Language
  /** Such as 3.12.1. */
  readonly version: string
  /** What people are shown. */
  readonly label: string
  readonly source: VersionSource
  /** The module or environment, else the folder it is in. */
  readonly name: string
  readonly program: string
  /** Where it is installed, as it says itself. */
  readonly prefix: string
  /** True for a Python that Jupyter can run: it has ipykernel. Always true for R. */
  readonly kernel: boolean
}

/** A version as everybody is told of it. */
export type VersionView = Pick<LanguageVersion, 'id' | 'language' | 'version' | 'label' | 'kernel'>

/** The version as everybody is told of it. */
export function versionJson({
  id,
  language,
  version,
  label,
  kernel,
}: LanguageVersion): VersionView {
  return { id, language, version, label, kernel }
}

/** The versions that a session was started with, where one was chosen. */
export interface ChosenVersions {
  readonly python?: LanguageVersion
  readonly r?: LanguageVersion
}

/** What each line of a scan that tells of a version begins with. */
export const VERSION_MARK = 'atelier-version'

const TITLES: Readonly<Record<Language, string>> = { python: 'Python', r: 'R' }

/** The versions that a scan has printed, in its order; one that was found in two ways is named once. */
export function parseVersions(output: string): readonly LanguageVersion[] {
  const found = new Map<string, LanguageVersion>()
  for (const line of output.split('\n')) {
    const version = parseLine(line)
    if (version === undefined) continue
    const { id, language, prefix, source } = version
    const where = source === 'module' ? id : `${prefix}\t${version.version}`
    const key = `${language}\t${where}`
    if (!found.has(key)) found.set(key, version)
  }
  return [...found.values()]
}

function parseLine(line: string): LanguageVersion | undefined {
  const [mark, language, source, name, program, version, prefix, kernel] = line.split('\t')
  if (mark !== VERSION_MARK || (language !== 'python' && language !== 'r')) return undefined
  const known = VERSION_SOURCES.find((each) => each === source)
  if (known === undefined || !name || !program?.startsWith('/') || !prefix) return undefined
  if (version === undefined || !/^\d+(\.\d+)+$/.test(version)) return undefined
  const label = `${TITLES[language]} ${version} (${whereabouts(known, name)})`
  const id = known === 'module' ? `module:${name}` : program
  const place = { source: known, name, program, prefix }
  return { id, language, version, label, ...place, kernel: kernel === '1' }
}

function whereabouts(source: VersionSource, name: string): string {
  if (source === 'path') return name
  return source === 'opt' || source === 'other' ? name : `${source} ${name}`
}
