-- When jobs are to be started by themselves. The time of this database decides, and not that of a node.
create table atelier.schedules (
  id text primary key,
  user_name text not null,
  name text not null,
  cron text not null,
  time_zone text not null,
  missed text not null check (missed in ('skip', 'once')),
  overlap text not null check (overlap in ('skip', 'allow')),
  enabled boolean not null,
  request jsonb not null,
  -- The tick that comes next, or that is being made.
  next_at timestamptz,
  last_at timestamptz,
  last_job text,
  last_problem text,
  last_problem_at timestamptz,
  attempts integer not null default 0,
  -- Until then a node is making the tick, or it is not to be tried again.
  held_until timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1
);

create index schedules_of_user on atelier.schedules (user_name, created_at, id);
create index schedules_due on atelier.schedules (next_at) where enabled and next_at is not null;

-- How many schedules a user has; see count_sessions.
create function atelier.count_schedules(of_user text) returns integer language plpgsql volatile as $$
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('atelier.schedules'), pg_catalog.hashtext(of_user));
  return (select pg_catalog.count(*) from atelier.schedules where user_name = of_user);
end
$$;

-- Webhooks that are to be told that a job has ended: one for each job.
create table atelier.webhook_deliveries (
  job text primary key references atelier.jobs (id) on delete cascade,
  -- The same at each attempt, so that who is told twice knows it.
  id text not null unique default 'msg_' || pg_catalog.replace(pg_catalog.gen_random_uuid()::text, '-', ''),
  user_name text not null,
  url text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- What came of each: when, the status of the answer, and what was wrong.
  tries jsonb not null default '[]',
  next_at timestamptz not null default now(),
  -- Until then a node is sending it.
  held_until timestamptz,
  created_at timestamptz not null default now()
);

create index webhook_deliveries_due on atelier.webhook_deliveries (next_at) where state = 'waiting';

-- In the statement that ends the job, so that no end is forgotten.
create function atelier.add_webhook_delivery() returns trigger language plpgsql as $$
begin
  insert into atelier.webhook_deliveries (job, user_name, url)
  values (new.id, new.user_name, new.webhook) on conflict (job) do nothing;
  return null;
end
$$;

create trigger jobs_ended after update of state on atelier.jobs for each row
  when (new.webhook is not null
    and new.state in ('Finished', 'Failed', 'Killed', 'Canceled')
    and old.state not in ('Finished', 'Failed', 'Killed', 'Canceled'))
  execute function atelier.add_webhook_delivery();

-- What secrets are made from, together with the key of the cluster: by itself it reveals none.
create table atelier.webhook_secrets (
  user_name text primary key,
  seed text not null,
  -- Signs beside the present one for a day, so that a receiver may be changed over.
  seed_before text,
  made_at timestamptz not null default now()
);
