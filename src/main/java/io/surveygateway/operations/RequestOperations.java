package io.surveygateway.operations;

import io.surveygateway.store.Change;
import io.surveygateway.store.RequestChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator does to one stored request. Safe for use by many threads. */
public final class RequestOperations {

  private static final Logger log = LoggerFactory.getLogger(RequestOperations.class);

  private final RequestChanges changes;
  private final Takers takers;

  RequestOperations(RequestChanges changes, Takers takers) {
    this.changes = changes;
    this.takers = takers;
  }

  /** Maps it again from the bytes that came; a parked one is tried again by that. */
  public Change mapAgain(long id, String by) {
    var change = changes.mapAgain(id, takers::unmappedBecause);
    if (change.isChanged()) {
      log.info("Request {} of {} is mapped again, as {} asked", id, change.lane(), by);
    }
    return change;
  }
}
