-- Up to where the commands of a partition are known to be published: what was emitted for them lies in Kafka transactions that
-- are committed. The ledger cannot know, since it is written before. A later batch writes it down in its own transaction.
CREATE TABLE site.published (
  -- a topic that was deleted and made anew begins again
  topic_id  text NOT NULL,
  partition integer NOT NULL,
  up_to     bigint NOT NULL,
  PRIMARY KEY (topic_id, partition)
);
