import type { SessionChanges } from '../sessions/session-store.ts'
import type { Location, Session, SessionLimits } from '../sessions/session.ts'
import { storableText } from './storable-text.ts'

/** A row of the table `atelier.sessions`, as `pg` reads it. */
export type SessionRow = {
  readonly id: string
  readonly user_name: string
  readonly name: string | null
  readonly ide: Session['ide']
  readonly python: string | null
  readonly r: string | null
  readonly profile: string | null
  readonly folder: string | null
  readonly limits: SessionLimits | null
  readonly desired: Session['desired']
  readonly state: Session['state']
  readonly reason: string | null
  readonly log_tail: string | null
  readonly node: string
  readonly epoch: number
  readonly version: number
  readonly job_id: string | null
  readonly location: Location | null
  readonly created_at: Date
  readonly state_at: Date
  readonly last_used_at: Date
  readonly idempotency_fingerprint: string | null
  readonly last_busy_at: Date | null
  readonly keep_until: Date | null
  readonly stop_reason: string | null
}

/** The session that a row describes. */
export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    user: row.user_name,
    name: row.name,
    ide: row.ide,
    python: row.python,
    r: row.r,
    profile: row.profile,
    folder: row.folder,
    limits: row.limits,
    desired: row.desired,
    state: row.state,
    reason: row.reason,
    logTail: row.log_tail,
    node: row.node,
    epoch: row.epoch,
    version: row.version,
    jobId: row.job_id,
    location: row.location,
    createdAt: row.created_at,
    stateAt: row.state_at,
    lastUsedAt: row.last_used_at,
    lastBusyAt: row.last_busy_at,
    keepUntil: row.keep_until,
    stopReason: row.stop_reason,
  }
}

const COLUMNS = {
  name: 'name',
  desired: 'desired',
  state: 'state',
  reason: 'reason',
  logTail: 'log_tail',
  node: 'node',
  epoch: 'epoch',
  jobId: 'job_id',
  location: 'location',
  keepUntil: 'keep_until',
  stopReason: 'stop_reason',
} as const satisfies Record<keyof SessionChanges, keyof SessionRow>

/** The assignments of an UPDATE for these changes, with values numbered from `first`; `state_at` follows a new state. */
export function assignments(
  changes: SessionChanges,
  first: number,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const parts = ['version = version + 1']
  const values: unknown[] = []
  for (const key of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
    const value = changes[key]
    if (value === undefined) continue
    const place = `$${first + values.length}`
    values.push(storable(value))
    parts.push(`${COLUMNS[key]} = ${place}`)
    if (key === 'state') {
      parts.push(`state_at = case when state = ${place} then state_at else now() end`)
    }
  }
  return { sql: parts.join(', '), values }
}

function storable(value: string | number | Location | Date | null): unknown {
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  )
}
