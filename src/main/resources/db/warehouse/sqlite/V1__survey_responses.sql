-- The business database: what the Survey Gateway writes for analysts. SQLite 3.24 or newer.
--
-- Where WAREHOUSE_URL is empty the gateway creates these tables itself, in its own store. Where it
-- names another database the gateway creates nothing there: its administrator runs this file once,
--
--   sqlite3 warehouse.db < V1__survey_responses.sql
--
-- An older event never overwrites a newer one, and a repeat changes nothing. A deleted response
-- keeps its row with the status 'deleted', so that counts stay explainable; its answers, scores and
-- everything about the respondent are gone from both tables.
--
-- Times are text in UTC, always with milliseconds (2026-01-31T09:00:00.000Z): they sort as text,
-- and SQLite's date functions read them. What the columns mean: the comments at the PostgreSQL
-- file's end, which is otherwise the same.

CREATE TABLE survey_response (
  response_key            TEXT NOT NULL PRIMARY KEY, -- <provider>:<response id>
  provider                TEXT NOT NULL,
  response_id             TEXT NOT NULL,
  survey_id               TEXT NOT NULL,
  survey_title            TEXT,
  collector_id            TEXT,
  collector_name          TEXT,
  collector_channel       TEXT, -- web, email, sms, link
  status                  TEXT NOT NULL, -- completed, partial, disqualified, over_quota or deleted
  respondent_id           TEXT,
  respondent_email        TEXT,
  respondent_name         TEXT,
  respondent_phone        TEXT,
  respondent_external_id  TEXT,
  respondent_language     TEXT,
  started_at              TEXT,
  completed_at            TEXT,
  modified_at             TEXT,
  duration_seconds        NUMERIC,
  nps                     NUMERIC, -- likelihood to recommend, 0 to 10
  csat                    NUMERIC, -- satisfaction, on the survey's own scale
  ces                     NUMERIC, -- effort, on the survey's own scale
  event_id                TEXT NOT NULL,
  event_type              TEXT NOT NULL,
  event_at                TEXT NOT NULL, -- the newest wins
  document                TEXT NOT NULL, -- the whole canonical response, JSON
  created_at              TEXT NOT NULL,
  updated_at              TEXT NOT NULL -- when the row or its answers last changed
);

CREATE TABLE survey_answer (
  response_key  TEXT    NOT NULL REFERENCES survey_response ON DELETE CASCADE,
  question_id   TEXT    NOT NULL,
  row_id        TEXT    NOT NULL, -- the row of a matrix question; empty for every other question
  position      INTEGER NOT NULL, -- 1 for the first answer
  question      TEXT,
  type          TEXT,
  value_text    TEXT, -- as a person reads it
  value_number  NUMERIC, -- only where the answer is a number
  PRIMARY KEY (response_key, question_id, row_id)
);

CREATE INDEX survey_response_by_survey ON survey_response (survey_id, completed_at);
CREATE INDEX survey_response_by_update ON survey_response (updated_at);
CREATE INDEX survey_answer_by_question ON survey_answer (question_id);
