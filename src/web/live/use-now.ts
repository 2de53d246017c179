import { startTransition, useEffect, useState } from 'react'
import { useServices } from '../api/services.tsx'

/** The server's time in ms since 1970, renewed every `intervalMs`. */
export function useNow(intervalMs: number): number {
  const { clock } = useServices()
  const [now, setNow] = useState(() => clock.now())
  useEffect(() => {
    // Not urgent: hundreds of rows may show it.
    const tick = (): void => startTransition(() => setNow(clock.now()))
    const timer = setInterval(tick, intervalMs)
    return () => clearInterval(timer)
  }, [clock, intervalMs])
  return now
}
