package io.surveygateway.operations;

import io.surveygateway.logs.LogFields;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.store.Change;
import io.surveygateway.store.RequestChanges;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator does to one stored request. Safe for use by many threads. */
public final class RequestOperations {

  private static final Logger log = LoggerFactory.getLogger(RequestOperations.class);

  private final RequestChanges changes;
  private final Takers takers;
  private final Audit audit;

  RequestOperations(RequestChanges changes, Takers takers, Audit audit) {
    this.changes = changes;
    this.takers = takers;
    this.audit = audit;
  }

  /**
   * What was sent leaves the gateway as files: changes nothing, and is on record.
   *
   * @param files makes them
   */
  public <T> T saveAsSample(long id, String situation, String by, Supplier<T> files) {
    return audit.record(
        new Asked(by, "save-sample", "request " + id, situation),
        files,
        made -> new Came(0, "It was handed out as files; nothing is changed by it"));
  }

  /** Maps it again from the bytes that came; a parked one is tried again by that. */
  public Change mapAgain(long id, String by) {
    Change change =
        audit.record(
            new Asked(by, "map-again", "request " + id),
            () -> changes.mapAgain(id, takers::unmappedBecause),
            Came::of);
    if (change.isChanged()) {
      try (var fields = LogFields.open().request(id).lane(change.lane())) {
        log.info("Request {} of {} is mapped again, as {} asked", id, change.lane(), by);
      }
    }
    return change;
  }
}
