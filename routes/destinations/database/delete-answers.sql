-- Clears the way for the answers that the response has now: if its row is this event's. One that is
-- older than the row leaves its answers as they are. Runs as a batch, once for each response.
DELETE FROM survey_answer WHERE response_key = :?response_key
  AND EXISTS (SELECT 1 FROM survey_response
    WHERE response_key = :?response_key AND event_id = :?event_id)
