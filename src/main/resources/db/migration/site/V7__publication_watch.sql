-- Write path cdc with somebody else's Debezium: since when the slot may have passed over changes. It outlives the process that
-- found out, which writes it alone.
CREATE TABLE site.publication_watch (
  publication  text PRIMARY KEY,
  owner        text NOT NULL,
  -- changes whenever somebody changes the publication
  identity     text NOT NULL,
  -- by the database's clock: when the publication was right at the latest, and nothing was left to append again
  published_at timestamptz NOT NULL,
  -- changes of sites up to this one are appended again; empty at the beginning, null when there is nothing to do
  again_after  text COLLATE "C"
);
