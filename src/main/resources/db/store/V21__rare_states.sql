-- What few are in, newest first: a list of these must not go through all others. What is delivered or done
-- never enters. Instead of those of parked ones alone.
CREATE INDEX delivery_rare ON delivery (state, created_at, id)
  WHERE state IN ('cancelled', 'parked', 'skipped', 'superseded');
DROP INDEX delivery_parked_created;
CREATE INDEX inbox_rare ON inbox (state, finished_at, request_id) WHERE state IN ('cancelled', 'parked');
DROP INDEX inbox_parked_finished;

-- What one provider sent, newest first: one that is silent has none among the newest.
CREATE INDEX request_provider ON request (provider, received_at, id);
