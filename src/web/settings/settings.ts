import { IDE_NAMES, type IdeName } from '../../sessions/session.ts'

/** The colour schemes to choose from; `auto` follows the system. */
export const COLOURS = ['auto', 'light', 'dark'] as const
/** How much room the list of sessions takes. */
export const DENSITIES = ['comfortable', 'compact'] as const
/** Where a session opens. */
export const OPENS_IN = ['new-tab', 'same-tab'] as const

/** What a user wishes of this UI, kept in the browser. */
export interface Settings {
  readonly colours: (typeof COLOURS)[number]
  readonly density: (typeof DENSITIES)[number]
  readonly openIn: (typeof OPENS_IN)[number]
  /** True to be told by the browser when a session is ready or has failed. */
  readonly notify: boolean
  /** True if single keys such as `n` do something. */
  readonly shortcuts: boolean
  /** The IDE offered for a new session; null for the one chosen last. */
  readonly ide: IdeName | null
  /** The id of the Python offered; null for the one chosen last, empty for the usual one. */
  readonly python: string | null
  /** The same for R. */
  readonly r: string | null
}

/** What holds until somebody wishes otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  colours: 'auto',
  density: 'comfortable',
  openIn: 'new-tab',
  notify: false,
  shortcuts: true,
  ide: null,
  python: null,
  r: null,
}

const ID_LENGTH_MOST = 1000

/** The settings in a stored text: whatever in it is no setting, or no value of one, is as if it were not there. */
export function parseSettings(text: string | null): Settings {
  const stored = storedObject(text)
  const { colours, density, openIn, notify, shortcuts, ide } = DEFAULT_SETTINGS
  return {
    colours: oneOf(COLOURS, stored['colours']) ?? colours,
    density: oneOf(DENSITIES, stored['density']) ?? density,
    openIn: oneOf(OPENS_IN, stored['openIn']) ?? openIn,
    notify: booleanOr(stored['notify'], notify),
    shortcuts: booleanOr(stored['shortcuts'], shortcuts),
    ide: oneOf(IDE_NAMES, stored['ide']) ?? ide,
    python: idOrNull(stored['python']),
    r: idOrNull(stored['r']),
  }
}

function storedObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value)
}

function booleanOr(value: unknown, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise
}

function idOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.length <= ID_LENGTH_MOST ? value : null
}
