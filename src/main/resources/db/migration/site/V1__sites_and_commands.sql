-- A site as it is after its newest change. A deleted one keeps its row, so that its versions go on when it comes back.
CREATE TABLE site.site (
  site_id  text COLLATE "C" PRIMARY KEY,
  version  bigint NOT NULL,
  -- the value on site-metadata, byte for byte; null when the site is deleted
  metadata text
);

-- Instance ids are unique over all sites.
CREATE TABLE site.app_instance (
  instance_id text COLLATE "C" PRIMARY KEY,
  site_id     text COLLATE "C" NOT NULL
);
CREATE INDEX app_instance_site ON site.app_instance (site_id);

-- The ledger of commands: what came of each, so that a repeated one is answered and not carried out again.
CREATE TABLE site.command (
  command_id  text COLLATE "C" PRIMARY KEY,
  -- the record that carried it, which tells a redelivered record from a repeated command
  origin      text NOT NULL,
  outcome     text NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX command_recorded_at ON site.command (recorded_at);
