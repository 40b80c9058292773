-- One answer; runs as a batch, once for each.
INSERT INTO survey_answer (
  response_key, question_id, row_id, position, question, type, value_text, value_number)
VALUES (
  :?response_key, :?question_id, :?row_id, :?position, :?question, :?type, :?value_text,
  :?value_number)
