-- Sign-outs that a node must know to refuse cookies, which it checks without the database.
create table atelier.sign_outs (
  -- Of the sign-in that ended; a name of its own for all sign-ins of a user.
  id text primary key,
  user_name text not null,
  -- Null for one sign-in; else all of the user that began before.
  before timestamptz,
  -- When the cookies that it is about have ended anyway.
  expires_at timestamptz not null,
  written_at timestamptz not null default now()
);

create index sign_outs_written on atelier.sign_outs (written_at);
