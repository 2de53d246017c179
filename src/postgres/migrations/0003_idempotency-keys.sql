-- What the request that started a session was marked with, so that its repetition finds the session instead of starting
-- another one: the key, and a fingerprint of the body.
alter table atelier.sessions
  add column idempotency_key text,
  add column idempotency_fingerprint text;

create unique index sessions_by_idempotency_key on atelier.sessions (user_name, idempotency_key)
  where idempotency_key is not null;
