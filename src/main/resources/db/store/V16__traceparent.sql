-- What the steps of a traced request are told by, in W3C's form; null where it is not traced.
ALTER TABLE request ADD COLUMN traceparent VARCHAR(55);
