-- How often SurveyMonkey's API is asked, over all gateways of this store. One row, which every call takes
-- first: what two gateways ask together is counted together.
CREATE TABLE surveymonkey_budget (
  id INTEGER PRIMARY KEY,
  -- Limits as they were set when a gateway last started.
  per_minute INTEGER NOT NULL DEFAULT 0,
  per_day INTEGER NOT NULL DEFAULT 0,
  -- Calls of the day that ends then.
  day_used INTEGER NOT NULL DEFAULT 0,
  day_ends BIGINT NOT NULL DEFAULT 0,
  -- What the API's own headers said is left, and until when.
  told_minute_left INTEGER NOT NULL DEFAULT 0,
  told_minute_until BIGINT NOT NULL DEFAULT 0,
  told_day_left INTEGER NOT NULL DEFAULT 0,
  told_day_until BIGINT NOT NULL DEFAULT 0,
  -- It asked to be left alone until then.
  not_before BIGINT NOT NULL DEFAULT 0
);
INSERT INTO surveymonkey_budget (id) VALUES (1);

-- Calls of the last minute, by the second since 1970 that they were made in.
CREATE TABLE surveymonkey_call (
  second BIGINT PRIMARY KEY,
  calls INTEGER NOT NULL
);

-- Inbox items that wait for a call, in the order of their arrival.
CREATE TABLE surveymonkey_waiting (
  request_id BIGINT PRIMARY KEY,
  survey_id VARCHAR(20) NOT NULL,
  response_id VARCHAR(20) NOT NULL,
  -- 1: was asked for together with others already, and was not among them.
  alone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX surveymonkey_waiting_survey ON surveymonkey_waiting (survey_id, response_id);

-- Responses that came together with another one, for items that wait for them; gone once these have them.
CREATE TABLE surveymonkey_fetched (
  response_id VARCHAR(20) PRIMARY KEY,
  fetched_at BIGINT NOT NULL,
  document ${bytes} NOT NULL
);

-- Work that one gateway at a time does, and when it is due again.
CREATE TABLE surveymonkey_job (
  name VARCHAR(63) PRIMARY KEY,
  next_at BIGINT NOT NULL DEFAULT 0,
  lease_owner VARCHAR(63),
  lease_until BIGINT NOT NULL DEFAULT 0
);
