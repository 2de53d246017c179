-- The scope that submits and stops jobs.
alter table atelier.api_tokens drop constraint api_tokens_scopes_check;
alter table atelier.api_tokens add constraint api_tokens_scopes_check
  check (cardinality(scopes) > 0 and scopes <@ array['read', 'sessions', 'jobs', 'admin']);
