/** As much of a key press as decides whether it is a shortcut. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly repeat: boolean
  readonly isComposing: boolean
  readonly defaultPrevented: boolean
}

/** Where the focus is when a key is pressed. */
export interface KeyPlace {
  /** True in anything that takes text, or chooses by its first letter. */
  readonly typing: boolean
  /** True while a dialog or a menu is open. */
  readonly covered: boolean
}

/** The key if this press may be a shortcut: alone, not held down, and neither while typing nor in a dialog. */
export function shortcutOf(press: KeyPress, { typing, covered }: KeyPlace): string | null {
  if (typing || covered || press.defaultPrevented || press.repeat || press.isComposing) return null
  if (press.ctrlKey || press.altKey || press.metaKey) return null
  return press.key.length === 1 ? press.key.toLowerCase() : null
}
