-- Clears the way for the answers that the response has now.
DELETE FROM survey_answer WHERE response_key = :?response_key
