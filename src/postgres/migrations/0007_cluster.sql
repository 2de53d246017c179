alter table atelier.sessions
  drop constraint sessions_state_check,
  add constraint sessions_state_check
    check (state in ('Starting', 'Active', 'Idle', 'Lost', 'Stopping', 'Stopped', 'Failed'));

-- The one cluster that uses this database, as its first node wrote it.
create table atelier.cluster (
  the_only boolean primary key default true check (the_only),
  id uuid not null default gen_random_uuid(),
  -- A short name of the cluster key.
  key_fingerprint text not null,
  -- What nodes speak among each other.
  protocol integer not null,
  created_at timestamptz not null default now()
);

-- A row for each node, with its lease: renewed every few seconds by the database's own clock, without any hint.
create table atelier.nodes (
  name text primary key,
  -- The data directory behind the name: another one may not take the name while the lease lasts.
  installation text not null,
  boot_id text not null,
  url text not null,
  gossip_address text,
  version text not null,
  -- Grows by one whenever the node starts, or is given up as lost.
  epoch integer not null default 1,
  draining boolean not null default false,
  joined_at timestamptz not null default now(),
  started_at timestamptz not null default now(),
  renewed_at timestamptz not null default now(),
  lease_until timestamptz not null,
  -- When it ended in order.
  left_at timestamptz,
  -- When the others gave it up.
  lost_at timestamptz,
  -- What it told of its connection to the database at the last renewal.
  database_ms real,
  listening boolean
);
