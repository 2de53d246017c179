import type { JobChanges, NewJob } from '../jobs/job-store.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { SessionLimits } from '../sessions/session.ts'
import { storableText } from './storable-text.ts'

/** A row of the table `atelier.jobs`, as `pg` reads it; whole numbers of eight bytes come as text. */
export type JobRow = {
  readonly id: string
  readonly user_name: string
  readonly name: string
  readonly kind: WorkbenchJob['kind']
  readonly script: string | null
  readonly command: string | null
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly working_directory: string | null
  readonly python: string | null
  readonly r: string | null
  readonly cluster: string | null
  readonly profile: string | null
  readonly limits: SessionLimits | null
  readonly webhook: string | null
  readonly schedule: string | null
  readonly tick: Date | null
  readonly session: string | null
  readonly node: string
  readonly epoch: number
  readonly version: number
  readonly desired: WorkbenchJob['desired']
  readonly state: WorkbenchJob['state']
  readonly reason: string | null
  readonly submitted_at: Date | null
  readonly stands_aside: boolean
  readonly job_id: string | null
  readonly host: string | null
  readonly exit_code: number | null
  readonly created_at: Date
  readonly state_at: Date
  readonly started_at: Date | null
  readonly ended_at: Date | null
  readonly cpu_seconds: number | null
  readonly peak_memory_bytes: string | null
  readonly output_bytes: string | null
  readonly output_removed_at: Date | null
  readonly idempotency_fingerprint: string | null
}

/** The job that a row describes. */
export function toJob(row: JobRow): WorkbenchJob {
  return {
    id: row.id,
    user: row.user_name,
    name: row.name,
    kind: row.kind,
    script: row.script,
    command: row.command,
    args: row.args,
    environment: row.environment,
    python: row.python,
    r: row.r,
    cluster: row.cluster,
    profile: row.profile,
    limits: row.limits,
    webhook: row.webhook,
    schedule: row.schedule,
    tick: row.tick,
    session: row.session,
    node: row.node,
    epoch: row.epoch,
    version: row.version,
    desired: row.desired,
    state: row.state,
    reason: row.reason,
    host: row.host,
    workingDirectory: row.working_directory,
    submittedAt: row.submitted_at,
    jobId: row.job_id,
    exitCode: row.exit_code,
    createdAt: row.created_at,
    stateAt: row.state_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    cpuSeconds: row.cpu_seconds,
    peakMemoryBytes: toNumber(row.peak_memory_bytes),
    outputBytes: toNumber(row.output_bytes),
    outputRemovedAt: row.output_removed_at,
  }
}

function toNumber(text: string | null): number | null {
  return text === null ? null : Number(text)
}

const COLUMNS = {
  desired: 'desired',
  state: 'state',
  reason: 'reason',
  submittedAt: 'submitted_at',
  standsAside: 'stands_aside',
  jobId: 'job_id',
  host: 'host',
  exitCode: 'exit_code',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  cpuSeconds: 'cpu_seconds',
  peakMemoryBytes: 'peak_memory_bytes',
  outputBytes: 'output_bytes',
  outputRemovedAt: 'output_removed_at',
} as const satisfies Record<keyof JobChanges, keyof JobRow>

/** The assignments of an UPDATE for these changes, with values numbered from `first`; `state_at` follows a new state. */
export function jobAssignments(
  changes: JobChanges,
  first: number,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const parts = ['version = version + 1']
  const values: unknown[] = []
  for (const key of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
    const value = changes[key]
    if (value === undefined) continue
    const place = `$${first + values.length}`
    values.push(typeof value === 'string' ? storableText(value) : value)
    parts.push(`${COLUMNS[key]} = ${place}`)
    if (key === 'state') {
      parts.push(`state_at = case when state = ${place} then state_at else now() end`)
    }
  }
  return { sql: parts.join(', '), values }
}

/** The values of a new row by column, each with how it is written into a statement at its place. */
export function newJobColumns(
  job: NewJob,
  marks: { readonly key: string | null; readonly fingerprint: string | null },
): readonly {
  readonly name: keyof JobRow | 'idempotency_key'
  readonly type: string
  readonly value: unknown
}[] {
  const texts = {
    id: job.id,
    user_name: job.user,
    name: job.name,
    kind: job.kind,
    script: job.script,
    command: job.command,
    working_directory: job.workingDirectory,
    python: job.python,
    r: job.r,
    cluster: job.cluster,
    profile: job.profile,
    webhook: job.webhook,
    schedule: job.schedule,
    session: job.session,
    node: job.node,
    idempotency_key: marks.key,
    idempotency_fingerprint: marks.fingerprint,
  }
  const { args, environment, limits } = job
  return [
    ...columnsOf(texts, 'text', (text) => (text === null ? null : storableText(text))),
    ...columnsOf({ args, environment, limits }, 'jsonb', toJson),
    { name: 'tick', type: 'timestamptz', value: job.tick },
  ]
}

function columnsOf<K extends string, V>(
  values: Readonly<Record<K, V>>,
  type: string,
  store: (value: V) => unknown,
): readonly { readonly name: K; readonly type: string; readonly value: unknown }[] {
  return (Object.keys(values) as K[]).map((name) => ({ name, type, value: store(values[name]) }))
}

function toJson(value: unknown): string | null {
  if (value === null) return null
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  )
}
