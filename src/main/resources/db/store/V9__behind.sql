-- What a claim reads does not grow with what waits.

-- A delivery that is due and waits behind an older one of its response is not looked at until then, or until
-- one of its response has ended. 0: it is not known to wait.
ALTER TABLE delivery ADD COLUMN behind_until BIGINT NOT NULL DEFAULT 0;

DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (destination, (CASE WHEN behind_until > due_at THEN behind_until ELSE due_at END), id) WHERE state IN ('waiting', 'retrying');
CREATE INDEX delivery_behind ON delivery (destination, subject, event_time, id) WHERE state IN ('waiting', 'retrying') AND behind_until > 0;

-- Few: what is being sent just now, and what a gateway that died was sending.
CREATE INDEX delivery_under_way ON delivery (destination, subject) WHERE state IN ('waiting', 'retrying') AND lease_until > 0;
