import type { Language } from '../../ides/language-version.ts'

const key = (language: Language): string => `atelier-${language}`

/** Remembers, in this browser, the version of a language that was chosen last; empty for the usual one. */
export function rememberVersion(language: Language, id: string): void {
  try {
    window.localStorage.setItem(key(language), id)
  } catch {
    // Without storage the usual one is offered.
  }
}

/** The id of the version that was chosen last, or an empty text. */
export function rememberedVersion(language: Language): string {
  try {
    return window.localStorage.getItem(key(language)) ?? ''
  } catch {
    return ''
  }
}
