-- A subject's open deliveries, found by indexes of their own: what is open is said otherwise than in the other
-- indexes of what is open. PostgreSQL takes any index of it for empty where its statistics are of an hour in
-- which nothing waited, and by one of another order a claim went through all that waits, for each delivery that
-- it looked at.
DROP INDEX delivery_order;
CREATE INDEX delivery_order ON delivery (destination, subject, event_time, id) WHERE CASE WHEN state IN ('waiting', 'retrying') THEN 'open' END = 'open';
DROP INDEX delivery_behind;
CREATE INDEX delivery_behind ON delivery (destination, subject, event_time, id) WHERE CASE WHEN state IN ('waiting', 'retrying') THEN 'open' END = 'open' AND behind_until > 0;
DROP INDEX delivery_under_way;
CREATE INDEX delivery_under_way ON delivery (destination, subject) WHERE CASE WHEN state IN ('waiting', 'retrying') THEN 'open' END = 'open' AND lease_until > 0;
