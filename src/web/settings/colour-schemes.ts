import type { MantineColorSchemeManager } from '@mantine/core'
import type { SettingsStore } from './settings-store.ts'

/** Keeps Mantine's colour scheme among the settings. */
export function colourSchemes(settings: SettingsStore): MantineColorSchemeManager {
  let unsubscribe: (() => void) | undefined
  return {
    get: () => settings.current().colours,
    set: (colours) => {
      if (settings.current().colours !== colours) settings.change({ colours })
    },
    subscribe: (onUpdate) => {
      let known = settings.current().colours
      unsubscribe = settings.subscribe(() => {
        const { colours } = settings.current()
        if (colours !== known) onUpdate(colours)
        known = colours
      })
    },
    unsubscribe: () => unsubscribe?.(),
    clear: () => settings.change({ colours: 'auto' }),
  }
}
