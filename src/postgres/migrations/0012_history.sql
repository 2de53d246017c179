alter table atelier.sessions
  -- When its present run began, if that was not when it was created: it was started again elsewhere.
  add column begun_at timestamptz,
  -- When its IDE could first be used in its present run.
  add column active_at timestamptz,
  -- The folder that its IDE opens; null for the home.
  add column folder text;

-- What living sessions and jobs use, as their nodes tell it several times a minute.
create table atelier.usage (
  kind text not null check (kind in ('session', 'job')),
  id text not null,
  epoch integer not null,
  at timestamptz not null default now(),
  cpu_percent double precision not null,
  memory_bytes bigint not null,
  cpu_seconds double precision not null,
  peak_memory_bytes bigint not null,
  primary key (kind, id, epoch)
);

-- One row for each run of a session that has ended, whether it was stopped, failed or was lost with its server.
create table atelier.session_history (
  -- The session's id and the epoch of the run.
  id text primary key,
  session text not null,
  epoch integer not null,
  user_name text not null,
  name text,
  ide text not null,
  node text not null,
  profile text,
  created_at timestamptz not null,
  active_at timestamptz,
  ended_at timestamptz not null,
  state text not null check (state in ('Stopped', 'Failed', 'Lost')),
  reason text,
  cpu_seconds double precision,
  peak_memory_bytes bigint
);

create index session_history_latest on atelier.session_history (ended_at desc, id desc);
create index session_history_of_user on atelier.session_history (user_name, ended_at desc, id desc);
create index jobs_ended on atelier.jobs (ended_at desc, id desc) where ended_at is not null;
create index jobs_ended_of_user on atelier.jobs (user_name, ended_at desc, id desc) where ended_at is not null;

create function atelier.note_session_times() returns trigger language plpgsql as $$
begin
  if new.epoch <> old.epoch then
    new.begun_at := pg_catalog.now();
    new.active_at := null;
  end if;
  if new.state = 'Active' and new.active_at is null then
    new.active_at := pg_catalog.now();
  end if;
  return new;
end
$$;

create trigger note_session_times before update of state, epoch on atelier.sessions
  for each row execute function atelier.note_session_times();

-- Writes the end of a run down. What is there already stays, but for a lost run, which may yet end in another way.
create function atelier.write_session_history(run atelier.sessions, end_state text, end_reason text, ended timestamptz)
returns void language sql as $$
  insert into atelier.session_history
    (id, session, epoch, user_name, name, ide, node, profile, created_at, active_at, ended_at, state, reason,
     cpu_seconds, peak_memory_bytes)
  select run.id || '.' || run.epoch, run.id, run.epoch, run.user_name, run.name, run.ide, run.node, run.profile,
    coalesce(run.begun_at, run.created_at), run.active_at, ended, end_state, end_reason,
    used.cpu_seconds, used.peak_memory_bytes
  from (values (1)) as one
  left join atelier.usage as used on used.kind = 'session' and used.id = run.id and used.epoch = run.epoch
  on conflict (id) do update set state = excluded.state, reason = excluded.reason, ended_at = excluded.ended_at
    where session_history.state = 'Lost' and excluded.state <> 'Lost'
$$;

-- A trigger, so that no statement that ends a session can forget it.
create function atelier.keep_session_history() returns trigger language plpgsql as $$
declare
  had_ended constant boolean := old.state in ('Stopped', 'Failed', 'Lost');
begin
  if tg_op = 'DELETE' then
    if not had_ended then
      perform atelier.write_session_history(old, 'Stopped', 'It was removed.', pg_catalog.now());
    end if;
    return null;
  end if;
  if new.epoch <> old.epoch and not had_ended then
    perform atelier.write_session_history(old, 'Lost', 'It was started again elsewhere.', pg_catalog.now());
  end if;
  if new.state in ('Stopped', 'Failed', 'Lost') and (new.state <> old.state or new.epoch <> old.epoch) then
    perform atelier.write_session_history(new, new.state, new.reason, new.state_at);
  elsif old.state = 'Lost' and new.state <> 'Lost' and new.epoch = old.epoch then
    -- Its server is back, and it goes on.
    delete from atelier.session_history where id = new.id || '.' || new.epoch;
  end if;
  return null;
end
$$;

create trigger keep_session_history after update of state, epoch or delete on atelier.sessions
  for each row execute function atelier.keep_session_history();

select atelier.write_session_history(sessions, state, reason, state_at) from atelier.sessions
  where state in ('Stopped', 'Failed', 'Lost');

-- What went on in the cluster: a row a minute, however many nodes there are; old ones are gathered to longer spans.
create table atelier.samples (
  -- How long a span is.
  seconds integer not null,
  at timestamptz not null,
  sessions_starting real not null default 0,
  sessions_active real not null default 0,
  sessions_idle real not null default 0,
  sessions_lost real not null default 0,
  sessions_stopping real not null default 0,
  jobs_pending real not null default 0,
  jobs_running real not null default 0,
  jobs_suspended real not null default 0,
  jobs_lost real not null default 0,
  users real not null default 0,
  nodes real not null default 0,
  session_cpu_percent double precision not null default 0,
  session_memory_bytes double precision not null default 0,
  job_cpu_percent double precision not null default 0,
  job_memory_bytes double precision not null default 0,
  primary key (seconds, at)
);

-- What administrators tell everybody.
create table atelier.notices (
  id text primary key,
  text text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  begins_at timestamptz not null default now(),
  ends_at timestamptz,
  dismissible boolean not null default true,
  created_by text not null,
  created_at timestamptz not null default now(),
  version integer not null default 1
);
