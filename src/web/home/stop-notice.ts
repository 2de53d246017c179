import type { SessionView } from '../api/session-view.ts'
import { formatLeft, formatMoment } from '../format/format-moment.ts'

const SOON_MS = 3_600_000

/** What is said of the end of a session: that it will be stopped, or that it is kept. */
export interface StopNotice {
  readonly kind: 'stops' | 'kept'
  readonly text: string
}

/** What to say of the end of a session now, in ms since 1970; null while there is nothing to say. */
export function stopNotice(
  session: Pick<SessionView, 'state' | 'stopsAt' | 'stopsFor' | 'keepUntil'>,
  now: number,
): StopNotice | null {
  const { state, stopsAt, stopsFor, keepUntil } = session
  if (state !== 'Active' && state !== 'Idle') return null
  const kept = keepUntil === null ? 0 : Date.parse(keepUntil)
  if (kept > now) return { kind: 'kept', text: `Kept until ${formatMoment(kept, now)}` }
  if (stopsAt === null) return null
  const left = Date.parse(stopsAt) - now
  if (state !== 'Idle' && left > SOON_MS) return null
  const why = stopsFor === 'age' ? 'its maximum age' : 'unused'
  return { kind: 'stops', text: `Stops in ${formatLeft(left)}, ${why}` }
}
