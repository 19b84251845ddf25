-- How far the republishing of all sites is, which is at most one. Any instance goes on with it.
CREATE TABLE site.republishing (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  run_id      text NOT NULL,
  state       text NOT NULL,
  total       bigint NOT NULL,
  sent        bigint NOT NULL,
  -- sites up to this one are in the log of commands; null at the beginning
  last_site   text COLLATE "C",
  -- where the last of them lie in it, by partition
  ends        text NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  -- by the database's clock: when sites were sent last, by whichever instance
  sent_at     timestamptz NOT NULL
);
