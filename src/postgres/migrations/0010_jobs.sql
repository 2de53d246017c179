-- Workbench jobs: scripts that are run to their end. A job belongs to the node whose Launcher runs it.
create table atelier.jobs (
  id text primary key,
  user_name text not null,
  name text not null,
  kind text not null check (kind in ('r', 'python', 'shell', 'notebook', 'command')),
  script text,
  command text,
  args jsonb not null default '[]',
  environment jsonb not null default '{}',
  working_directory text,
  python text,
  r text,
  cluster text,
  profile text,
  limits jsonb,
  webhook text,
  schedule text,
  -- For when the schedule started it: with the schedule it is there once.
  tick timestamptz,
  session text,
  node text not null,
  epoch integer not null default 1,
  version integer not null default 1,
  desired text not null default 'running' check (desired in ('running', 'stopped', 'killed')),
  state text not null default 'Pending'
    check (state in ('Pending', 'Running', 'Suspended', 'Finished', 'Failed', 'Killed', 'Canceled', 'Lost')),
  reason text,
  -- From here on only its node's Launcher knows whether it runs: it is given to no other node.
  submitted_at timestamptz,
  -- True while it cannot be handed over, as its Launcher does not answer: younger ones of its user may go before it.
  stands_aside boolean not null default false,
  job_id text,
  host text,
  exit_code integer,
  -- As exact as what reads it, so that a page of a list begins where the one before ended.
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  state_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  cpu_seconds double precision,
  peak_memory_bytes bigint,
  output_bytes bigint,
  output_removed_at timestamptz,
  idempotency_key text,
  idempotency_fingerprint text,
  unique (schedule, tick)
);

create unique index jobs_by_idempotency_key on atelier.jobs (user_name, idempotency_key)
  where idempotency_key is not null;
create index jobs_latest on atelier.jobs (created_at desc, id desc);
create index jobs_of_user on atelier.jobs (user_name, created_at desc, id desc);
create index jobs_living on atelier.jobs (node)
  where state not in ('Finished', 'Failed', 'Killed', 'Canceled');
create index jobs_living_of_user on atelier.jobs (user_name)
  where state not in ('Finished', 'Failed', 'Killed', 'Canceled');
create index jobs_of_schedule on atelier.jobs (schedule, created_at desc) where schedule is not null;

-- How many jobs a user has that have not ended: all of them, or those that come before the job `before`, which were handed
-- over or have waited longer. Until the end of its transaction nobody else gets an answer for that user, as of count_sessions.
create function atelier.count_jobs(of_user text, before text default null) returns integer language plpgsql volatile as $$
declare
  place record;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('atelier.jobs'), pg_catalog.hashtext(of_user));
  select created_at, id into place from atelier.jobs where id = before;
  return (select pg_catalog.count(*) from atelier.jobs
          where user_name = of_user and state not in ('Finished', 'Failed', 'Killed', 'Canceled')
            and (before is null or submitted_at is not null
                 or (not stands_aside and (created_at, id) < (place.created_at, place.id))));
end
$$;
