/** The states that a session never leaves. */
export const ENDED_SESSION_STATES = ['Stopped', 'Failed'] as const

/** The states that a job never leaves. */
export const ENDED_JOB_STATES = ['Finished', 'Failed', 'Killed', 'Canceled'] as const

/** Words that we wrote ourselves, as a list of SQL. */
export function sqlWords(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}

/** A query of every session and job that has not ended, with what it was seen to use within the last minute. */
export const LIVING_WORK = `
  select 'session' as kind, work.id, work.user_name, work.name, work.ide as what, work.state, work.node,
    coalesce(work.begun_at, work.created_at) as created_at, work.active_at as started_at, usage.cpu_percent,
    usage.memory_bytes::float8
  from atelier.sessions as work left join atelier.usage on usage.kind = 'session' and usage.id = work.id
    and usage.epoch = work.epoch and usage.at > now() - interval '1 minute'
  where work.state not in (${sqlWords(ENDED_SESSION_STATES)})
  union all
  select 'job', work.id, work.user_name, work.name, work.kind, work.state, work.node, work.created_at, work.started_at,
    usage.cpu_percent, usage.memory_bytes::float8
  from atelier.jobs as work left join atelier.usage on usage.kind = 'job' and usage.id = work.id
    and usage.epoch = work.epoch and usage.at > now() - interval '1 minute'
  where work.state not in (${sqlWords(ENDED_JOB_STATES)})`
