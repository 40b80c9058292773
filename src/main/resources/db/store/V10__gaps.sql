-- Work at providers' APIs, by "<provider> <work>"; and how far each one's surveys were compared with what
-- arrived, SmartSurvey's too.
ALTER TABLE surveymonkey_job RENAME TO provider_job;
UPDATE provider_job SET name = 'surveymonkey ' || name;
ALTER TABLE provider_job ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE provider_job ADD COLUMN failure VARCHAR(1000);
-- What came of it, as JSON, for every gateway to show.
ALTER TABLE provider_job ADD COLUMN report VARCHAR(200000);

CREATE TABLE gap_look (
  provider VARCHAR(63) NOT NULL,
  survey_id VARCHAR(63) NOT NULL,
  -- All that was modified before was looked at; 0: never.
  seen_until BIGINT NOT NULL DEFAULT 0,
  -- 0: the look ended on its way, for want of calls say, and goes on there.
  is_whole INTEGER NOT NULL DEFAULT 1,
  -- The same for a list that has no order to go by: since when it lists, when it began, its next page.
  listed_since BIGINT NOT NULL DEFAULT 0,
  listed_at BIGINT NOT NULL DEFAULT 0,
  next_page INTEGER NOT NULL DEFAULT 1,
  -- What came out of the last look.
  looked_at BIGINT NOT NULL DEFAULT 0,
  looked_until BIGINT NOT NULL DEFAULT 0,
  listed INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0,
  silent_since BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (provider, survey_id)
);
INSERT INTO gap_look (provider, survey_id, seen_until, is_whole)
  SELECT 'surveymonkey', survey_id, seen_until, is_whole FROM surveymonkey_survey;
DROP TABLE surveymonkey_survey;

-- How often SmartSurvey's API is asked, over all gateways of this store: one row, in spans that begin with
-- their first call.
CREATE TABLE smartsurvey_calls (
  id INTEGER PRIMARY KEY,
  minute_from BIGINT NOT NULL DEFAULT 0,
  minute_used INTEGER NOT NULL DEFAULT 0,
  day_from BIGINT NOT NULL DEFAULT 0,
  day_used INTEGER NOT NULL DEFAULT 0,
  -- It asked to be left alone until then, so many times in a row.
  not_before BIGINT NOT NULL DEFAULT 0,
  refusals INTEGER NOT NULL DEFAULT 0
);
INSERT INTO smartsurvey_calls (id) VALUES (1);
