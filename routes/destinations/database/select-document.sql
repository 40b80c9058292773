-- What is known of a response already, for an event that does not tell all.
SELECT CAST(document AS TEXT) AS document FROM survey_response WHERE response_key = :?response_key
