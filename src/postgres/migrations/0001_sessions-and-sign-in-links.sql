create table atelier.sessions (
  id text primary key,
  user_name text not null,
  name text,
  ide text not null check (ide in ('jupyterlab', 'jupyter-notebook', 'vscode')),
  desired text not null default 'running' check (desired in ('running', 'stopped', 'killed')),
  state text not null default 'Starting'
    check (state in ('Starting', 'Active', 'Idle', 'Stopping', 'Stopped', 'Failed')),
  reason text,
  log_tail text,
  node text not null,
  epoch integer not null default 1,
  version integer not null default 1,
  job_id text,
  location jsonb check (location ->> 'kind' in ('socket', 'address')),
  created_at timestamptz not null default now(),
  state_at timestamptz not null default now(),
  last_used_at timestamptz not null default now()
);

create index sessions_of_user on atelier.sessions (user_name);
create index sessions_living_on_node on atelier.sessions (node) where state not in ('Stopped', 'Failed');

create table atelier.sign_in_links (
  token_hash bytea primary key,
  user_name text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
