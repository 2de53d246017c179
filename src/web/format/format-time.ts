const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago something was, in the largest unit: `just now`, `5 min ago`, `3 days ago`; `ms` may be negative by skew. */
export function formatAgo(ms: number): string {
  if (ms < 10 * SECOND) return 'just now'
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`
  const days = Math.floor(ms / DAY)
  return days === 1 ? '1 day ago' : `${days} days ago`
}

/** How long something takes so far: `12 s`, `1 min 5 s`, `2 h 3 min`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** How long a round trip takes, never over two lines: `< 1 ms`, `2.4 ms`, `130 ms`. */
export function formatMs(ms: number): string {
  if (ms < 1) return '<\u00a01\u00a0ms'
  return `${ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms)}\u00a0ms`
}

/** A day in the user's own way of writing: `Nov 23, 2026`; `time` is ISO 8601. */
export function formatDay(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' })
}
