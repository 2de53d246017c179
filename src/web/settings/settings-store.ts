import { parseSettings, type Settings } from './settings.ts'

/** The key of the settings in the browser's storage; public/colour-scheme.js reads it too. */
export const SETTINGS_KEY = 'atelier-settings'

/** As much of the browser's storage as is used here. */
export interface SettingsStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** Keeps the settings of this browser; where storage is forbidden they last as long as the page. */
export class SettingsStore {
  readonly #storage: () => SettingsStorage
  readonly #listeners = new Set<() => void>()
  #settings: Settings

  /** `storage` may throw, as browsers do that forbid it. */
  constructor({ storage }: { storage: () => SettingsStorage }) {
    this.#storage = storage
    this.#settings = this.#read()
  }

  /** The settings now; the same object until one changes. */
  readonly current = (): Settings => this.#settings

  /** Changes some settings and keeps them. */
  change(changes: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...changes }
    try {
      this.#storage().setItem(SETTINGS_KEY, JSON.stringify(this.#settings))
    } catch {
      // They hold for this page all the same.
    }
    this.#tell()
  }

  /** Takes over what another tab has stored. */
  reload(): void {
    this.#settings = this.#read()
    this.#tell()
  }

  /** Calls `listener` after each change; the answer ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #read(): Settings {
    try {
      return parseSettings(this.#storage().getItem(SETTINGS_KEY))
    } catch {
      return parseSettings(null)
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
