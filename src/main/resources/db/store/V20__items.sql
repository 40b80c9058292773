-- What the steps that map requests brought is counted by itself, and not only by what became of it, so
-- that the two can be compared. What was brought until now is what became of it.
INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
  SELECT 'ever', 'items_brought', lane, 0, '', 0, SUM(added), 0 FROM counter
  WHERE span = 'ever' AND name IN ('events_stored', 'events_repeated', 'items_set_aside') GROUP BY lane;
