-- What programs log in with, instead of the admin's password. Rows stay: the audit log names them.
CREATE TABLE api_token (
  id BIGINT PRIMARY KEY,
  name VARCHAR(63) NOT NULL,
  -- read, operate; comma-separated.
  scopes VARCHAR(63) NOT NULL,
  -- SHA-256 of the whole token, which is nowhere else. It is 256 random bits, so no slow hash is needed.
  hash ${bytes} NOT NULL,
  made_at BIGINT NOT NULL,
  made_by VARCHAR(255) NOT NULL,
  -- Null: never.
  expires_at BIGINT,
  -- To the minute.
  last_used_at BIGINT,
  revoked_at BIGINT,
  revoked_by VARCHAR(255)
);
CREATE INDEX api_token_made ON api_token (made_at, id);
