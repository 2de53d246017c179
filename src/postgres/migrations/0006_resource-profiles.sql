-- The resource profile that a session was started with; null where none was configured.
alter table atelier.sessions add column profile text;
