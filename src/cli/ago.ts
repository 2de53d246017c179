import { formatLeft } from './keep-time.ts'

const SECONDS_UNTIL_MS = 120_000

/** How long ago something was, in its largest unit: `12s`, `3m`, `5h`, `2d`; rounded down. */
export function formatAgo(ms: number): string {
  if (ms < SECONDS_UNTIL_MS) return `${Math.max(0, Math.floor(ms / 1000))}s`
  return formatLeft(ms)
}
