-- The business database: what the Survey Gateway writes for analysts. PostgreSQL 12 or newer.
--
-- Where WAREHOUSE_URL is empty the gateway creates these tables itself, in its own store. Where it
-- names another database the gateway creates nothing there: its administrator runs this file once,
--
--   psql "$ADDRESS" -f V1__survey_responses.sql
--
-- and gives the gateway's user SELECT, INSERT, UPDATE and DELETE on both tables.
--
-- An older event never overwrites a newer one, and a repeat changes nothing. A deleted response
-- keeps its row with the status 'deleted', so that counts stay explainable; its answers, scores and
-- everything about the respondent are gone from both tables.

CREATE TABLE survey_response (
  response_key            text        NOT NULL PRIMARY KEY,
  provider                text        NOT NULL,
  response_id             text        NOT NULL,
  survey_id               text        NOT NULL,
  survey_title            text,
  collector_id            text,
  collector_name          text,
  collector_channel       text,
  status                  text        NOT NULL,
  respondent_id           text,
  respondent_email        text,
  respondent_name         text,
  respondent_phone        text,
  respondent_external_id  text,
  respondent_language     text,
  started_at              timestamptz,
  completed_at            timestamptz,
  modified_at             timestamptz,
  duration_seconds        numeric,
  nps                     numeric,
  csat                    numeric,
  ces                     numeric,
  event_id                text        NOT NULL,
  event_type              text        NOT NULL,
  event_at                timestamptz NOT NULL,
  document                jsonb       NOT NULL,
  created_at              timestamptz NOT NULL,
  updated_at              timestamptz NOT NULL
);

CREATE TABLE survey_answer (
  response_key  text    NOT NULL REFERENCES survey_response ON DELETE CASCADE,
  question_id   text    NOT NULL,
  row_id        text    NOT NULL,
  position      integer NOT NULL,
  question      text,
  type          text,
  value_text    text,
  value_number  numeric,
  PRIMARY KEY (response_key, question_id, row_id)
);

CREATE INDEX survey_response_by_survey ON survey_response (survey_id, completed_at);
CREATE INDEX survey_response_by_update ON survey_response (updated_at);
CREATE INDEX survey_answer_by_question ON survey_answer (question_id);

COMMENT ON TABLE survey_response IS 'One row per survey response, as its newest event describes it.';
COMMENT ON COLUMN survey_response.response_key IS '<provider>:<response id>, the same in every destination.';
COMMENT ON COLUMN survey_response.provider IS 'Who collected it: smartsurvey, surveymonkey, smartermeasure, popsee.';
COMMENT ON COLUMN survey_response.response_id IS 'The response''s id at the provider.';
COMMENT ON COLUMN survey_response.status IS 'completed, partial, disqualified, over_quota or deleted.';
COMMENT ON COLUMN survey_response.collector_channel IS 'How the respondent was reached: web, email, sms, link.';
COMMENT ON COLUMN survey_response.respondent_email IS 'As given; nobody has checked that it exists.';
COMMENT ON COLUMN survey_response.respondent_external_id IS 'The respondent''s id in your own systems.';
COMMENT ON COLUMN survey_response.modified_at IS 'When the response last changed, as the provider says.';
COMMENT ON COLUMN survey_response.nps IS 'Likelihood to recommend, 0 to 10.';
COMMENT ON COLUMN survey_response.csat IS 'Satisfaction, on the survey''s own scale.';
COMMENT ON COLUMN survey_response.ces IS 'Effort, on the survey''s own scale.';
COMMENT ON COLUMN survey_response.event_id IS 'The event that the row comes from: its id at the provider.';
COMMENT ON COLUMN survey_response.event_type IS 'What that event says: survey.response.completed, survey.response.updated ...';
COMMENT ON COLUMN survey_response.event_at IS 'When that event happened, as the provider says; the newest wins.';
COMMENT ON COLUMN survey_response.document IS 'The whole canonical response; a deleted one names only itself and its survey.';
COMMENT ON COLUMN survey_response.created_at IS 'When the gateway first wrote the row.';
COMMENT ON COLUMN survey_response.updated_at IS 'When the gateway last changed the row or its answers; copy what is newer than your last copy.';

COMMENT ON TABLE survey_answer IS 'One row per answered question, and per answered row of a matrix.';
COMMENT ON COLUMN survey_answer.row_id IS 'The row of a matrix question; empty for every other question.';
COMMENT ON COLUMN survey_answer.position IS '1 for the first answer.';
COMMENT ON COLUMN survey_answer.question IS 'The question''s title, and the matrix row''s after an en dash.';
COMMENT ON COLUMN survey_answer.type IS 'text, number, boolean, choice, choices, rating, date, email, phone, file or other.';
COMMENT ON COLUMN survey_answer.value_text IS 'The answer as a person reads it.';
COMMENT ON COLUMN survey_answer.value_number IS 'The answer where it is a number; empty for digits in a text.';
