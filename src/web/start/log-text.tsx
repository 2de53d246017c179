import { useEffect, useRef, type ReactNode } from 'react'
import styles from './start.module.css'

/** A log that no longer grows, scrolled to its end; the keyboard can scroll it. */
export function LogText({ label, text }: { label: string; text: string }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [text])
  return (
    <div
      ref={box}
      className={styles['log']}
      data-fits
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      {text}
    </div>
  )
}
