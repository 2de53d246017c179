import type { IdeStatus } from '../../ides/ide.ts'
import type { IdeName } from '../../sessions/session.ts'

const KEY = 'atelier-ide'

/** Remembers, in this browser, the IDE that was chosen last. */
export function rememberIde(ide: IdeName): void {
  try {
    window.localStorage.setItem(KEY, ide)
  } catch {
    // Without storage the first installed IDE is offered.
  }
}

/** The IDE to offer: the wished one, or the one chosen last, if it can be used, else the first that can. */
export function offeredIde(ides: readonly IdeStatus[], wish: IdeName | null): IdeName | null {
  const usable = ides.filter(({ state }) => state === 'installed')
  const last = usable.find(({ name }) => name === (wish ?? lastIde()))
  return (last ?? usable[0])?.name ?? null
}

function lastIde(): string | null {
  try {
    return window.localStorage.getItem(KEY)
  } catch {
    return null
  }
}
