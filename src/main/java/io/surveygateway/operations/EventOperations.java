package io.surveygateway.operations;

import io.surveygateway.logs.LogFields;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
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
  private final Audit audit;

  EventOperations(EventReplays replays, Takers takers, Audit audit) {
    this.replays = replays;
    this.takers = takers;
    this.audit = audit;
  }

  /**
   * Delivers an event again, as it is in the store.
   *
   * @param destinations that it goes to, also if it did not before; empty for those that it went to
   */
  public List<Change> replay(long id, Set<String> destinations, String by) {
    List<Change> changes =
        audit.record(
            new Asked(
                by,
                "replay",
                "event " + id,
                destinations.isEmpty() ? null : "to " + String.join(", ", destinations)),
            () -> replays.replay(id, destinations, takers::offBecause),
            Came::of);
    changes.stream().filter(Change::isChanged).forEach(change -> say(id, by, change));
    return changes;
  }

  private static void say(long id, String by, Change change) {
    var lane = change.lane();
    try (var fields = LogFields.open().event(id).delivery(change.id()).lane(lane)) {
      log.info("Event {} is replayed by {}: delivery {} of {}", id, by, change.id(), lane);
    }
  }
}
