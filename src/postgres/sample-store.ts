import {
  SAMPLE_FIGURES,
  type ClusterSample,
  type SampleFigure,
  type SampleStore,
  type Thinning,
} from '../history/cluster-sample.ts'
import type { Database } from './connect.ts'
import { LIVING_WORK } from './living-work-sql.ts'

const count = (kind: 'session' | 'job', state: string): string =>
  `count(*) filter (where kind = '${kind}' and state = '${state}')`
const sum = (kind: 'session' | 'job', what: string): string =>
  `coalesce(sum(${what}) filter (where kind = '${kind}'), 0)`

/** The column of each figure, and how it is counted among what lives. */
const FIGURES: Readonly<Record<SampleFigure, readonly [column: string, now: string]>> = {
  sessionsStarting: ['sessions_starting', count('session', 'Starting')],
  sessionsActive: ['sessions_active', count('session', 'Active')],
  sessionsIdle: ['sessions_idle', count('session', 'Idle')],
  sessionsLost: ['sessions_lost', count('session', 'Lost')],
  sessionsStopping: ['sessions_stopping', count('session', 'Stopping')],
  jobsPending: ['jobs_pending', count('job', 'Pending')],
  jobsRunning: ['jobs_running', count('job', 'Running')],
  jobsSuspended: ['jobs_suspended', count('job', 'Suspended')],
  jobsLost: ['jobs_lost', count('job', 'Lost')],
  users: ['users', `count(distinct user_name) filter (where state not in ('Lost', 'Pending'))`],
  nodes: [
    'nodes',
    '(select count(*) from atelier.nodes where lease_until > now() and left_at is null and lost_at is null)',
  ],
  sessionCpuPercent: ['session_cpu_percent', sum('session', 'cpu_percent')],
  sessionMemoryBytes: ['session_memory_bytes', sum('session', 'memory_bytes')],
  jobCpuPercent: ['job_cpu_percent', sum('job', 'cpu_percent')],
  jobMemoryBytes: ['job_memory_bytes', sum('job', 'memory_bytes')],
}

const COLUMNS = SAMPLE_FIGURES.map((figure) => FIGURES[figure][0])
const MEANS = COLUMNS.map((column) => `sum(${column} * seconds) / sum(seconds)`)
const binned = (seconds: string, at: string): string =>
  `date_bin(make_interval(secs => ${seconds}), ${at}, timestamptz '2000-01-01T00:00:00Z')`

/** The samples table; see SampleStore for what it promises. */
export class PostgresSampleStore implements SampleStore {
  readonly #database: Pick<Database, 'query'>

  constructor({ database }: { readonly database: Pick<Database, 'query'> }) {
    this.#database = database
  }

  /** The key of the table keeps it to one; what is there already spares the others the counting. */
  async take(seconds: number): Promise<boolean> {
    const taken = await this.#database.query(
      `with span as (select ${binned('$1', 'now()')} as at)
       insert into atelier.samples (seconds, at, ${COLUMNS.join(', ')})
       select $1::integer, (select at from span), ${SAMPLE_FIGURES.map((each) => FIGURES[each][1]).join(', ')}
       from (${LIVING_WORK}) as living
       having not exists (select from atelier.samples join span using (at) where seconds = $1::integer)
       on conflict do nothing returning at`,
      [seconds],
    )
    return taken.length > 0
  }

  /** In one statement, so that nothing is lost or counted twice; of two at once one finds nothing left. */
  async thin({ seconds, into, afterDays }: Thinning): Promise<void> {
    await this.#database.query(
      `with old as (
         delete from atelier.samples where seconds = $1
           and at < ${binned('$2', 'now() - make_interval(days => $3)')} returning *)
       insert into atelier.samples (seconds, at, ${COLUMNS.join(', ')})
       select $2::integer, ${binned('$2', 'at')}, ${MEANS.join(', ')} from old group by 2
       on conflict do nothing`,
      [seconds, into, afterDays],
    )
  }

  /** Means are weighted, as old samples stand for longer spans than new ones. */
  async between(from: Date, to: Date, step: number): Promise<readonly ClusterSample[]> {
    const named = SAMPLE_FIGURES.map((figure, index) => `${MEANS[index]} as "${figure}"`)
    return this.#database.query<ClusterSample>(
      `select ${binned('$3', 'at')} as at, ${named.join(', ')} from atelier.samples
       where at >= $1 and at < $2 group by 1 order by 1`,
      [from, to, step],
    )
  }

  /** By the database's clock. */
  async prune(days: number): Promise<void> {
    await this.#database.query(
      'delete from atelier.samples where at < now() - make_interval(days => $1)',
      [days],
    )
  }
}
