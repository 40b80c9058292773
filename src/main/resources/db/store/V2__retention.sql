-- Old rows leave by time: what the search for them reads, oldest first.

CREATE INDEX event_created ON event (created_at, id);
CREATE INDEX set_aside_created ON set_aside (created_at, id);
CREATE INDEX delivery_finished ON delivery (finished_at, id) WHERE state IN ('delivered', 'skipped', 'superseded', 'cancelled');

-- When the version was raised, by the gateway's clock: event_time is the provider's. Rows that are here
-- already count as raised when the newest request came.
ALTER TABLE destination_version ADD COLUMN raised_at BIGINT NOT NULL DEFAULT 0;
UPDATE destination_version SET raised_at = (SELECT COALESCE(MAX(received_at), 0) FROM request);
CREATE INDEX destination_version_raised ON destination_version (raised_at, destination, subject);
