-- What the console says of surveys and of respondents.

-- The respondent's id in the customer's own systems, where there is one.
ALTER TABLE event ADD COLUMN external_id VARCHAR(255);
-- Of events about a response: how far it came; its likelihood to recommend, 0 to 10; and when its first event
-- was kept, the same for all of its events.
ALTER TABLE event ADD COLUMN status VARCHAR(16);
ALTER TABLE event ADD COLUMN nps INTEGER;
ALTER TABLE event ADD COLUMN first_at BIGINT;
-- PostgreSQL reads no JSON with an escaped NUL in it; a response that has one is not counted.
UPDATE event SET
    first_at = came.first_at,
    external_id = CASE WHEN document NOT LIKE '%\u0000%' AND LENGTH(${externalId}) <= 255 THEN ${externalId} END,
    status = CASE WHEN document NOT LIKE '%\u0000%' THEN ${status} END,
    nps = CASE WHEN document NOT LIKE '%\u0000%' THEN ${nps} END
  FROM (SELECT subject AS of_subject, MIN(created_at) AS first_at FROM event GROUP BY subject) came
  WHERE came.of_subject = event.subject AND event.type LIKE 'survey.response.%';

CREATE INDEX event_external_id ON event (external_id, created_at, id) WHERE external_id IS NOT NULL;

-- Responses by survey and by when their first event was kept, as they are by their newest event; written in
-- the transaction of that event, so that no page has to go through events. A value is the sum over its shards.
-- "ever" rows (bucket 0) hold all, "minute" rows those of the last hours, "quarter" rows those of a quarter of an
-- hour each. nps_0 to nps_10: how many said so, of those that are not deleted.
CREATE TABLE survey_count (
  span VARCHAR(8) NOT NULL,
  provider VARCHAR(63) NOT NULL,
  survey_id VARCHAR(512) NOT NULL,
  bucket BIGINT NOT NULL,
  shard INTEGER NOT NULL,
  completed BIGINT NOT NULL,
  partial BIGINT NOT NULL,
  disqualified BIGINT NOT NULL,
  over_quota BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  nps_0 BIGINT NOT NULL,
  nps_1 BIGINT NOT NULL,
  nps_2 BIGINT NOT NULL,
  nps_3 BIGINT NOT NULL,
  nps_4 BIGINT NOT NULL,
  nps_5 BIGINT NOT NULL,
  nps_6 BIGINT NOT NULL,
  nps_7 BIGINT NOT NULL,
  nps_8 BIGINT NOT NULL,
  nps_9 BIGINT NOT NULL,
  nps_10 BIGINT NOT NULL,
  -- Of "ever" rows: when the newest event was kept, and what the survey is called.
  last_at BIGINT NOT NULL,
  title VARCHAR(500),
  PRIMARY KEY (span, provider, survey_id, bucket, shard)
);
CREATE INDEX survey_count_old ON survey_count (span, bucket);

INSERT INTO survey_count
  SELECT 'quarter', provider, survey_id, first_at - first_at % 900000, 0,
    SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END),
    SUM(CASE WHEN status = 'partial' THEN 1 ELSE 0 END),
    SUM(CASE WHEN status = 'disqualified' THEN 1 ELSE 0 END),
    SUM(CASE WHEN status = 'over_quota' THEN 1 ELSE 0 END),
    SUM(CASE WHEN status = 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 0 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 1 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 2 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 3 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 4 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 5 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 6 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 7 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 8 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 9 AND status <> 'deleted' THEN 1 ELSE 0 END),
    SUM(CASE WHEN nps = 10 AND status <> 'deleted' THEN 1 ELSE 0 END),
    0, NULL
  FROM (SELECT provider, survey_id, first_at, status, nps,
      ROW_NUMBER() OVER (PARTITION BY subject ORDER BY event_time DESC, id DESC) AS place
    FROM event WHERE status IS NOT NULL AND survey_id IS NOT NULL) newest
  WHERE place = 1
  GROUP BY provider, survey_id, first_at - first_at % 900000;
INSERT INTO survey_count
  SELECT 'ever', counted.provider, counted.survey_id, 0, 0, counted.completed, counted.partial, counted.disqualified,
    counted.over_quota, counted.deleted, counted.nps_0, counted.nps_1, counted.nps_2, counted.nps_3, counted.nps_4, counted.nps_5, counted.nps_6, counted.nps_7, counted.nps_8, counted.nps_9, counted.nps_10,
    newest.created_at, newest.title
  FROM (SELECT provider, survey_id, SUM(completed) AS completed, SUM(partial) AS partial,
      SUM(disqualified) AS disqualified, SUM(over_quota) AS over_quota, SUM(deleted) AS deleted,
      SUM(nps_0) AS nps_0, SUM(nps_1) AS nps_1, SUM(nps_2) AS nps_2, SUM(nps_3) AS nps_3, SUM(nps_4) AS nps_4, SUM(nps_5) AS nps_5, SUM(nps_6) AS nps_6, SUM(nps_7) AS nps_7, SUM(nps_8) AS nps_8, SUM(nps_9) AS nps_9, SUM(nps_10) AS nps_10
    FROM survey_count GROUP BY provider, survey_id) counted
  JOIN (SELECT provider, survey_id, created_at,
      CASE WHEN document NOT LIKE '%\u0000%' THEN SUBSTR(${title}, 1, 500) END AS title,
      ROW_NUMBER() OVER (PARTITION BY provider, survey_id ORDER BY created_at DESC, id DESC) AS place
    FROM event WHERE status IS NOT NULL AND survey_id IS NOT NULL) newest
    ON newest.provider = counted.provider AND newest.survey_id = counted.survey_id AND newest.place = 1;
