-- What a session may use of its server, as it was decided at its start; null if it was started before there were limits.
alter table atelier.sessions add column limits jsonb;

-- How many sessions a user has. Until the end of its transaction nobody else gets an answer for that user, so that of
-- several starts at once each counts those before it: every statement of such a function sees what was committed until then.
create function atelier.count_sessions(of_user text) returns integer language plpgsql volatile as $$
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('atelier.sessions'), pg_catalog.hashtext(of_user));
  return (select pg_catalog.count(*) from atelier.sessions
          where user_name = of_user and state not in ('Stopped', 'Failed'));
end
$$;
