import { useEffect, useState } from 'react'
import { useServices } from '../api/services.tsx'

/** The server's time in ms since 1970, renewed every `intervalMs`. */
export function useNow(intervalMs: number): number {
  const { clock } = useServices()
  const [now, setNow] = useState(() => clock.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), intervalMs)
    return () => clearInterval(timer)
  }, [clock, intervalMs])
  return now
}
