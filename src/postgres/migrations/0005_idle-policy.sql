alter table atelier.sessions
  -- Until when its owner wants it kept, whatever the limits.
  add column keep_until timestamptz,
  -- When it was last seen to compute.
  add column last_busy_at timestamptz,
  -- Why it is to be stopped, if not by its owner: a sentence.
  add column stop_reason text;
