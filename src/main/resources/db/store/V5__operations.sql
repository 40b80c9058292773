-- What a person does to what was received: send again, cancel, map again; one by one or in runs.

-- When a person last had it sent again: its age counts from then.
ALTER TABLE delivery ADD COLUMN restarted_at BIGINT;

-- Which delivery of a destination has waited longest.
CREATE INDEX delivery_oldest ON delivery (destination, COALESCE(restarted_at, created_at))
  WHERE state IN ('waiting', 'retrying');

-- 1 while a person has the request mapped again: its events then replace those that it made before.
ALTER TABLE inbox ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

-- What lists and runs walk along, by time; parked ones are few, and asked for most.
CREATE INDEX delivery_created ON delivery (created_at, id);
CREATE INDEX delivery_parked_created ON delivery (created_at, id) WHERE state = 'parked';
CREATE INDEX inbox_parked_finished ON inbox (finished_at, request_id) WHERE state = 'parked';

-- The same done to all that match a filter: prepared, running, stopped, done. Who asked for what, and what
-- became of it.
CREATE TABLE operation (
  id BIGINT PRIMARY KEY,
  action VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  asked_by VARCHAR(255) NOT NULL,
  prepared_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  filter TEXT NOT NULL,
  destinations TEXT NOT NULL,
  matches BIGINT NOT NULL,
  matches_more INTEGER NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  changed BIGINT NOT NULL DEFAULT 0,
  not_possible TEXT NOT NULL,
  position_at BIGINT,
  position_id BIGINT,
  reason VARCHAR(1000)
);
CREATE INDEX operation_prepared ON operation (prepared_at, id);
CREATE INDEX operation_running ON operation (id) WHERE state = 'running';
