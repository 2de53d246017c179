-- Only the SHA-256 of a token is stored, so a copy of the table lets nobody in.
create table atelier.api_tokens (
  id text primary key,
  user_name text not null,
  name text not null,
  scopes text[] not null
    check (cardinality(scopes) > 0 and scopes <@ array['read', 'sessions', 'admin']),
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz
);

create index api_tokens_of_user on atelier.api_tokens (user_name);
