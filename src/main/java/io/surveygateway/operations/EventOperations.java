package io.surveygateway.operations;

import io.surveygateway.store.Change;
import io.surveygateway.store.EventReplays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator does to one event. Safe for use by many threads. */
public final class EventOperations {

  private static final Logger log = LoggerFactory.getLogger(EventOperations.class);

  private final EventReplays replays;
  private final Takers takers;

  EventOperations(EventReplays replays, Takers takers) {
    this.replays = replays;
    this.takers = takers;
  }

  /**
   * Delivers an event again, as it is in the store.
   *
   * @param destinations that it goes to, also if it did not before; empty for those that it went to
   */
  public List<Change> replay(long id, Set<String> destinations, String by) {
    var changes = replays.replay(id, destinations, takers::offBecause);
    changes.stream()
        .filter(Change::isChanged)
        .forEach(
            change ->
                log.info(
                    "Event {} is replayed by {}: delivery {} of {}",
                    id,
                    by,
                    change.id(),
                    change.lane()));
    return changes;
  }
}
