package io.surveygateway.store;

import java.util.Locale;
import java.util.Optional;

/**
 * What is counted: for a lane, which is a provider or a destination, and some with a detail.
 *
 * <p>How they relate, at every commit, where {@code open} is what waits or is retried:
 *
 * <ul>
 *   <li>requests accepted = done + parked + cancelled + open, for each provider
 *   <li>items that map steps brought = events stored + events repeated + items set aside, for each
 *       provider, of all that ever were: a request that is mapped again brings its own again
 *   <li>deliveries made = delivered + parked + skipped + superseded + cancelled + open, for each
 *       destination
 *   <li>attempts made = the sum over their outcomes, for each destination
 * </ul>
 *
 * <p>The others hold for levels: a parked delivery that a person retries leaves parked, and is
 * open.
 */
public enum Counter {
  /** On disk, and so answered 200; of a provider. */
  REQUESTS_ACCEPTED,
  REQUESTS_DONE,
  REQUESTS_PARKED,
  REQUESTS_CANCELLED,

  /**
   * Turned away; the detail is the HTTP status. Counted every second at best, not with the answer:
   * what a gateway had refused just before it died is missing.
   */
  REQUESTS_REFUSED,

  /** What steps that map requests made, whatever became of it; of a provider. */
  ITEMS_BROUGHT,

  /** New; of a provider. */
  EVENTS_STORED,

  /** Of an event that was here already: sent again, or mapped by a step that was overtaken. */
  EVENTS_REPEATED,

  /** Could not be made an event; of a provider. */
  ITEMS_SET_ASIDE,

  /** Whatever became of them; of a destination. */
  DELIVERIES_MADE,
  DELIVERIES_DELIVERED,
  DELIVERIES_PARKED,
  DELIVERIES_SKIPPED,
  DELIVERIES_SUPERSEDED,
  DELIVERIES_CANCELLED,

  /**
   * Tries of deliveries of a destination; the detail is the kind of the failure, or {@code
   * delivered}.
   */
  ATTEMPTS_MADE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** As the table names it. */
  public String text() {
    return text;
  }

  /** Of requests in this state; empty for open ones, which are what the others leave. */
  public static Optional<Counter> ofRequests(Work.State state) {
    return switch (state) {
      case WAITING, RETRYING -> Optional.empty();
      case DONE -> Optional.of(REQUESTS_DONE);
      case PARKED -> Optional.of(REQUESTS_PARKED);
      case CANCELLED -> Optional.of(REQUESTS_CANCELLED);
      case DELIVERED, SKIPPED, SUPERSEDED ->
          throw new IllegalArgumentException("Expected a state of requests, got " + state.text());
    };
  }

  /** Of deliveries in this state; empty for open ones, which are what the others leave. */
  public static Optional<Counter> ofDeliveries(Work.State state) {
    return switch (state) {
      case WAITING, RETRYING -> Optional.empty();
      case DELIVERED -> Optional.of(DELIVERIES_DELIVERED);
      case PARKED -> Optional.of(DELIVERIES_PARKED);
      case SKIPPED -> Optional.of(DELIVERIES_SKIPPED);
      case SUPERSEDED -> Optional.of(DELIVERIES_SUPERSEDED);
      case CANCELLED -> Optional.of(DELIVERIES_CANCELLED);
      case DONE ->
          throw new IllegalArgumentException("Expected a state of deliveries, got " + state.text());
    };
  }

  static Optional<Counter> ofText(String text) {
    for (var counter : values()) {
      if (counter.text.equals(text)) {
        return Optional.of(counter);
      }
    }
    return Optional.empty();
  }
}
