-- What is amiss, as far as people are told of it: one row for each kind of thing and each destination or
-- provider, there until that it is over was said.
CREATE TABLE alert (
  kind VARCHAR(32) NOT NULL,
  about VARCHAR(63) NOT NULL,
  since BIGINT NOT NULL,
  -- When it was first said, and last; 0: it was not.
  raised_at BIGINT NOT NULL DEFAULT 0,
  said_at BIGINT NOT NULL DEFAULT 0,
  -- Since when it seems to be over; 0: it holds.
  over_since BIGINT NOT NULL DEFAULT 0,
  text VARCHAR(1000) NOT NULL,
  PRIMARY KEY (kind, about)
);

-- What a channel is still to tell, all of one look at once; gone when it was told, or given up.
CREATE TABLE alert_notice (
  id BIGINT PRIMARY KEY,
  channel VARCHAR(16) NOT NULL,
  made_at BIGINT NOT NULL,
  changes TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL
);
CREATE INDEX alert_notice_next ON alert_notice (channel, id);
