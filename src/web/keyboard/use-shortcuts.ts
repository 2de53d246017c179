import { useEffect, useRef } from 'react'
import { useSettings } from '../settings/use-settings.ts'
import { shortcutOf } from './shortcut.ts'

const TYPING =
  'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable="true"]'
const COVER = '[role="dialog"], [role="menu"], [role="listbox"]'

/** Calls the action of a key, while the page is there and shortcuts are on. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const [{ shortcuts }] = useSettings()
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    if (!shortcuts) return undefined
    const onKeyDown = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest(TYPING) !== null
      const key = shortcutOf(event, { typing, covered: document.querySelector(COVER) !== null })
      const action = key === null ? undefined : latest.current[key]
      if (action === undefined) return
      // Else the key would be typed into the field that the action gives the focus to.
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [shortcuts])
}
