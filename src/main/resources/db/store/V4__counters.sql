-- Counts, written in the transaction of what they count. Shards keep gateways that write at the same time
-- off each other's rows: a value is the sum over its shards. "ever" rows (bucket 0) hold all since ever;
-- "minute" rows become "hour" and then "day" rows in time. A level is added less taken.
CREATE TABLE counter (
  span VARCHAR(8) NOT NULL,
  name VARCHAR(32) NOT NULL,
  lane VARCHAR(63) NOT NULL,
  bucket BIGINT NOT NULL,
  detail VARCHAR(16) NOT NULL,
  shard INTEGER NOT NULL,
  added BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  PRIMARY KEY (span, name, lane, bucket, detail, shard)
);

-- Gateways take shards in turn.
INSERT INTO id_block (name, next_id) VALUES ('counter-shard', 0);

-- What is here already counts from now on.
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'requests_accepted', provider, 0, '', 0, count(*), 0 FROM inbox GROUP BY provider;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'requests_' || state, provider, 0, '', 0, count(*), 0 FROM inbox
  WHERE state IN ('done', 'parked', 'cancelled') GROUP BY provider, state;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'requests_refused', provider, 0, CAST(status AS VARCHAR(16)), 0, count(*), 0 FROM refusal
  GROUP BY provider, status;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'events_stored', provider, 0, '', 0, count(*), 0 FROM event GROUP BY provider;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'items_set_aside', provider, 0, '', 0, count(*), 0 FROM set_aside GROUP BY provider;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'deliveries_made', destination, 0, '', 0, count(*), 0 FROM delivery GROUP BY destination;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'deliveries_' || state, destination, 0, '', 0, count(*), 0 FROM delivery
  WHERE state NOT IN ('waiting', 'retrying') GROUP BY destination, state;
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'attempts_made', d.destination, 0, COALESCE(a.failure_kind, a.outcome), 0, count(*), 0
  FROM attempt a JOIN delivery d ON d.id = a.delivery_id
  GROUP BY d.destination, COALESCE(a.failure_kind, a.outcome);
