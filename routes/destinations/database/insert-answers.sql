-- One answer, if the response's row is this event's; runs as a batch, once for each.
INSERT INTO survey_answer (
  response_key, question_id, row_id, position, question, type, value_text, value_number)
SELECT response_key, :?question_id, :?row_id, :?position, :?question, :?type, :?value_text,
  :?value_number
FROM survey_response WHERE response_key = :?response_key AND event_id = :?event_id
