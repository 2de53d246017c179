import type { ReactNode } from 'react'
import { formatAgo } from '../format/format-time.ts'

/** How long ago a time was, at the server's time `now` in ms; the time itself is its title. */
export function Ago({ time, now }: { time: string; now: number }): ReactNode {
  const date = new Date(time)
  return (
    <time dateTime={time} title={date.toLocaleString()}>
      {formatAgo(now - date.getTime())}
    </time>
  )
}
