-- The gateway's own store. One text for SQLite and PostgreSQL; ${bytes} is BLOB or BYTEA.
-- Times are milliseconds since 1970 in UTC: the same type, order and arithmetic in both.
-- Ids come from id_block, in blocks that a gateway reserves, so that rows which belong together can be
-- written in one batch.

CREATE TABLE id_block (
  name VARCHAR(32) PRIMARY KEY,
  next_id BIGINT NOT NULL
);
INSERT INTO id_block (name, next_id) VALUES ('gateway', 1);

-- What a provider sent, as it came. Never changed.
CREATE TABLE request (
  id BIGINT PRIMARY KEY,
  provider VARCHAR(63) NOT NULL,
  path VARCHAR(255) NOT NULL,
  content_type VARCHAR(255),
  proved_by VARCHAR(63) NOT NULL,
  received_at BIGINT NOT NULL,
  size INTEGER NOT NULL,
  body ${bytes} NOT NULL
);
CREATE INDEX request_received ON request (received_at, id);

-- What is to be done with it: waiting, retrying, done, parked.
CREATE TABLE inbox (
  request_id BIGINT PRIMARY KEY,
  provider VARCHAR(63) NOT NULL,
  state VARCHAR(16) NOT NULL,
  size INTEGER NOT NULL,
  due_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_owner VARCHAR(63),
  lease_until BIGINT NOT NULL DEFAULT 0,
  failure_kind VARCHAR(16),
  reason VARCHAR(1000),
  events INTEGER NOT NULL DEFAULT 0,
  set_aside INTEGER NOT NULL DEFAULT 0,
  finished_at BIGINT
);
CREATE INDEX inbox_due ON inbox (provider, due_at, request_id) WHERE state IN ('waiting', 'retrying');
CREATE INDEX inbox_parked ON inbox (provider, request_id) WHERE state = 'parked';

-- An item of a request that could not be made an event, and why.
CREATE TABLE set_aside (
  id BIGINT PRIMARY KEY,
  request_id BIGINT NOT NULL,
  provider VARCHAR(63) NOT NULL,
  item INTEGER,
  reason VARCHAR(1000) NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX set_aside_request ON set_aside (request_id);

-- A canonical event; the unique key is what makes a repeat a repeat.
CREATE TABLE event (
  id BIGINT PRIMARY KEY,
  provider VARCHAR(63) NOT NULL,
  event_key VARCHAR(512) NOT NULL,
  request_id BIGINT NOT NULL,
  type VARCHAR(63) NOT NULL,
  subject VARCHAR(512) NOT NULL,
  survey_id VARCHAR(512),
  event_time BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (provider, event_key)
);
CREATE INDEX event_request ON event (request_id);
CREATE INDEX event_subject ON event (subject, event_time);

-- One event on its way to one destination: waiting, retrying, delivered, parked, skipped, superseded,
-- cancelled.
CREATE TABLE delivery (
  id BIGINT PRIMARY KEY,
  event_id BIGINT NOT NULL,
  destination VARCHAR(63) NOT NULL,
  subject VARCHAR(512) NOT NULL,
  event_time BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  due_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_owner VARCHAR(63),
  lease_until BIGINT NOT NULL DEFAULT 0,
  failure_kind VARCHAR(16),
  reason VARCHAR(1000),
  external_reference VARCHAR(255),
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  UNIQUE (event_id, destination)
);
CREATE INDEX delivery_due ON delivery (destination, due_at, id) WHERE state IN ('waiting', 'retrying');
CREATE INDEX delivery_order ON delivery (destination, subject, event_time, id) WHERE state IN ('waiting', 'retrying');
CREATE INDEX delivery_parked ON delivery (destination, id) WHERE state = 'parked';

-- Each try of a delivery.
CREATE TABLE attempt (
  id BIGINT PRIMARY KEY,
  delivery_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  started_at BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  outcome VARCHAR(16) NOT NULL,
  failure_kind VARCHAR(16),
  reason VARCHAR(1000)
);
CREATE INDEX attempt_delivery ON attempt (delivery_id, number);

-- The newest event of a subject that a destination has: an older one that comes late is superseded.
CREATE TABLE destination_version (
  destination VARCHAR(63) NOT NULL,
  subject VARCHAR(512) NOT NULL,
  event_time BIGINT NOT NULL,
  PRIMARY KEY (destination, subject)
);

-- Requests that were turned away, and why; no body.
CREATE TABLE refusal (
  id BIGINT PRIMARY KEY,
  refused_at BIGINT NOT NULL,
  provider VARCHAR(63) NOT NULL,
  path VARCHAR(255) NOT NULL,
  status INTEGER NOT NULL,
  cause VARCHAR(1000) NOT NULL
);
CREATE INDEX refusal_time ON refusal (refused_at, id);
