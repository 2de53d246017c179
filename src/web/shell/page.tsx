import { VisuallyHidden } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useEffect, useRef, type ReactNode } from 'react'

/** Sets the title of the document and moves the focus to the page's heading when the page opens. */
export function usePageHeading(title: string): React.RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(`${title} · Atelier`)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return heading
}

/** Text that only screen readers tell, each time it changes. */
export function Announcement({ text }: { text: string }): ReactNode {
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {text}
    </VisuallyHidden>
  )
}
