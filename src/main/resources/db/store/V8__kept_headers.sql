-- Headers that a provider's route wants to have when it maps the request, such as the event's name: one
-- JSON object of name and value, or null. Never one that holds a proof.
ALTER TABLE request ADD COLUMN headers TEXT;
