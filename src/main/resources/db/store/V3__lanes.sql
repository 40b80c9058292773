-- What all gateways on one store have to know of a provider's requests (inbox:popsee) or a destination's
-- deliveries (outbox:slack). A lane without a row is neither paused nor in trouble.

CREATE TABLE lane (
  name VARCHAR(80) PRIMARY KEY,
  -- Paused by a person, who said why. No date: not paused.
  paused_at BIGINT,
  paused_by VARCHAR(63),
  paused_because VARCHAR(1000),
  -- When the latest pause ended: the age of what waited begins anew there.
  resumed_at BIGINT NOT NULL DEFAULT 0,
  -- Its rate: before that moment no exchange goes.
  next_at BIGINT NOT NULL DEFAULT 0,
  -- What keeps all but one delivery waiting: transient, rate_limited or auth, as of the failure; how often
  -- in a row, and when one tries next.
  trouble VARCHAR(16),
  trouble_reason VARCHAR(1000),
  trouble_times INTEGER NOT NULL DEFAULT 0,
  tries_at BIGINT NOT NULL DEFAULT 0,
  -- The delivery that tries, for as long as somebody holds its lease.
  probe_delivery BIGINT
);
