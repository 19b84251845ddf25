-- Write path cdc: what is still to be streamed to site-metadata, one row for each version of a site. A row is deleted when
-- Kafka has it, so whatever happens to a replication slot, nothing that is not on the topic is lost.
CREATE TABLE site.changes (
  -- grows with the versions of a site, since they are made one after the other under the site's lock
  change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site_id    text COLLATE "C" NOT NULL,
  version    bigint NOT NULL,
  -- the value on site-metadata, byte for byte; null for a deletion
  payload    text,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- rows come and go: keep it small
ALTER TABLE site.changes SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
