import { Button } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import styles from './shell.module.css'

const BACK_SHOWN_MS = 4000

/** Says that the server cannot be reached, and for a moment that it can again; a screen reader hears both. */
export function ConnectionBanner({
  lost,
  onRetry,
}: {
  lost: boolean
  onRetry: () => void
}): ReactNode {
  const [wasLost, setWasLost] = useState(false)
  if (lost && !wasLost) setWasLost(true)
  const back = wasLost && !lost
  useEffect(() => {
    if (!back) return undefined
    const timer = setTimeout(() => setWasLost(false), BACK_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [back])
  return (
    <div className={styles['banner']} data-lost={lost}>
      <span role="status">
        {lost && 'The server cannot be reached. Trying again… Open sessions may go on working.'}
        {back && 'The server answers again. All is up to date.'}
      </span>
      {lost && (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          Try now
        </Button>
      )}
    </div>
  )
}
