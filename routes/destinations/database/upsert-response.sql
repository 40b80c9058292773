-- Writes the row of one response, unless the table knows better already: event_id says afterwards
-- whose row it is. Runs as a batch, once for each. Parameters are named like their columns.
INSERT INTO survey_response (
  response_key, provider, response_id, survey_id, survey_title,
  collector_id, collector_name, collector_channel, status,
  respondent_id, respondent_email, respondent_name, respondent_phone,
  respondent_external_id, respondent_language,
  started_at, completed_at, modified_at, duration_seconds, nps, csat, ces,
  event_id, event_type, event_at, document, created_at, updated_at)
VALUES (
  :?response_key, :?provider, :?response_id, :?survey_id, :?survey_title,
  :?collector_id, :?collector_name, :?collector_channel, :?status,
  :?respondent_id, :?respondent_email, :?respondent_name, :?respondent_phone,
  :?respondent_external_id, :?respondent_language,
  :?started_at, :?completed_at, :?modified_at, :?duration_seconds, :?nps, :?csat, :?ces,
  :?event_id, :?event_type, :?event_at, :?document, :?now, :?now)
ON CONFLICT (response_key) DO UPDATE SET
  provider = excluded.provider,
  response_id = excluded.response_id,
  survey_id = excluded.survey_id,
  -- Thin events, such as a deletion, do not repeat the title.
  survey_title = COALESCE(excluded.survey_title, survey_response.survey_title),
  collector_id = excluded.collector_id,
  collector_name = excluded.collector_name,
  collector_channel = excluded.collector_channel,
  status = excluded.status,
  respondent_id = excluded.respondent_id,
  respondent_email = excluded.respondent_email,
  respondent_name = excluded.respondent_name,
  respondent_phone = excluded.respondent_phone,
  respondent_external_id = excluded.respondent_external_id,
  respondent_language = excluded.respondent_language,
  started_at = excluded.started_at,
  completed_at = excluded.completed_at,
  modified_at = excluded.modified_at,
  duration_seconds = excluded.duration_seconds,
  nps = excluded.nps,
  csat = excluded.csat,
  ces = excluded.ces,
  event_id = excluded.event_id,
  event_type = excluded.event_type,
  event_at = excluded.event_at,
  document = excluded.document,
  updated_at = excluded.updated_at
-- An older event never wins. Of two at the same moment the later arrival does, but a deletion holds.
-- The same event wins over itself whatever its time: it was mapped again.
WHERE (excluded.event_at > survey_response.event_at
    OR excluded.event_id = survey_response.event_id
    OR (excluded.event_at = survey_response.event_at
      AND (survey_response.status <> 'deleted' OR excluded.status = 'deleted')))
-- What an event was before its answers were fetched is no news once they are there; two gateways may
-- bring them in either order.
  AND excluded.event_id <> survey_response.event_id || '|thin'
-- A repeat changes nothing, its date of change included.
  AND (excluded.event_id <> survey_response.event_id
    OR excluded.event_at <> survey_response.event_at
    OR excluded.document <> survey_response.document)
