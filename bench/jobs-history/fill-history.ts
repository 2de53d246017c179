import type pg from 'pg'

/** Leaves exactly so many ended jobs and as many ended sessions in the database, of 50 users over a year. */
export async function fillHistory(client: pg.Client, size: number): Promise<void> {
  await client.query('truncate atelier.jobs, atelier.session_history cascade')
  await client.query(
    `insert into atelier.session_history (id, session, epoch, user_name, name, ide, node, created_at, active_at, ended_at,
       state, reason, cpu_seconds, peak_memory_bytes)
     select 's' || n || '.1', 's' || n, 1, 'user-' || n % 50, 'session ' || n,
       (array['jupyterlab', 'vscode', 'rstudio', 'jupyter-notebook'])[1 + n % 4], 'node-' || n % 3, ended - interval '3 hours',
       ended - interval '2 hours', ended, case when n % 40 = 0 then 'Failed' else 'Stopped' end, 'Stopped by its owner.',
       n % 999, 1e9
     from (select n, now() - n * (interval '365 days' / $1::int) as ended from generate_series(1, $1::int) as n) as past`,
    [size],
  )
  await client.query(
    `insert into atelier.jobs (id, user_name, name, kind, script, node, state, created_at, started_at, ended_at, state_at,
       exit_code, cpu_seconds, peak_memory_bytes)
     select 'j' || n, 'user-' || n % 50, 'job ' || n, (array['r', 'python', 'shell'])[1 + n % 3], '/home/x/script-' || n,
       'node-' || n % 3, case when n % 40 = 0 then 'Failed' else 'Finished' end, ended - interval '10 minutes',
       ended - interval '9 minutes', ended, ended, 0, n % 99, 1e8
     from (select n, now() - n * (interval '365 days' / $1::int) as ended from generate_series(1, $1::int) as n) as past`,
    [size],
  )
  await client.query('analyze atelier.jobs, atelier.session_history')
}
