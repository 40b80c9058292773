-- What the console searches events by.

-- The respondent's address in lower case, where there is one.
ALTER TABLE event ADD COLUMN email VARCHAR(320);
-- PostgreSQL reads no JSON with an escaped NUL in it; an event that has one is not found by its address.
UPDATE event SET email = SUBSTR(LOWER(${email}), 1, 320)
  WHERE document LIKE '%"email"%' AND document NOT LIKE '%\u0000%';

CREATE INDEX event_email ON event (email, created_at, id) WHERE email IS NOT NULL;
CREATE INDEX event_survey ON event (survey_id, created_at, id) WHERE survey_id IS NOT NULL;
CREATE INDEX event_provider ON event (provider, created_at, id);
CREATE INDEX event_type ON event (type, created_at, id);
