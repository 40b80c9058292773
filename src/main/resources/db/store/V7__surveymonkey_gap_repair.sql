-- How far each survey of SurveyMonkey has been compared with what arrived: all that was modified before
-- seen_until was looked at.
CREATE TABLE surveymonkey_survey (
  survey_id VARCHAR(20) PRIMARY KEY,
  seen_until BIGINT NOT NULL,
  -- 0: the look ended on its way, for want of calls say, and goes on there.
  is_whole INTEGER NOT NULL
);
