import { useEffect, useRef, type FocusEvent, type RefObject } from 'react'

/** Props for an element whose buttons change with `state`: a focus lost by that goes to its last button. */
export function useKeptFocus(state: string): {
  ref: RefObject<HTMLDivElement | null>
  onFocus: () => void
  onBlur: (event: FocusEvent) => void
} {
  const ref = useRef<HTMLDivElement>(null)
  const within = useRef(false)
  useEffect(() => {
    if (!within.current || document.activeElement !== document.body) return
    const buttons = ref.current?.querySelectorAll<HTMLElement>('a, button')
    buttons?.item(buttons.length - 1).focus()
  }, [state])
  return {
    ref,
    onFocus: () => {
      within.current = true
    },
    // Without a next element the focus was not moved but lost, perhaps with the button itself.
    onBlur: ({ relatedTarget }) => {
      if (relatedTarget !== null) within.current = false
    },
  }
}
