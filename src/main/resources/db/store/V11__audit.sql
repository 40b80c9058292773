-- What people changed, by pages or by /api: who, when, what, and what came of it. Written before the change,
-- so that none goes unrecorded; a row without an end is of a gateway that died in between, or still at it.
CREATE TABLE audit (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  who VARCHAR(255) NOT NULL,
  action VARCHAR(63) NOT NULL,
  -- Such as delivery 12, destination slack, run 7.
  target VARCHAR(255) NOT NULL,
  -- The filter of a run, or why something is paused.
  detail VARCHAR(4000),
  ended_at BIGINT,
  -- How many rows it changed, or 0; of a run, how many match.
  changed BIGINT,
  note VARCHAR(1000)
);
CREATE INDEX audit_at ON audit (at, id);
