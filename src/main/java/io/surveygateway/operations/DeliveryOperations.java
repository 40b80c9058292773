package io.surveygateway.operations;

import io.surveygateway.logs.LogFields;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.store.Change;
import io.surveygateway.store.DeliveryChanges;
import io.surveygateway.store.DeliveryChanges.SendAgain;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator does to one delivery. Safe for use by many threads. */
public final class DeliveryOperations {

  private static final Logger log = LoggerFactory.getLogger(DeliveryOperations.class);

  private final DeliveryChanges changes;
  private final Takers takers;
  private final Audit audit;

  DeliveryOperations(DeliveryChanges changes, Takers takers, Audit audit) {
    this.changes = changes;
    this.takers = takers;
    this.audit = audit;
  }

  /** Sends one that has not arrived, at once and with all its attempts. */
  public Change retry(long id, String by) {
    return say("retried", by, recorded("retry", id, by, () -> changes.sendAgain(id, again(false))));
  }

  /** The same for one that has arrived, too: it arrives twice. */
  public Change resend(long id, String by) {
    return say("resent", by, recorded("resend", id, by, () -> changes.sendAgain(id, again(true))));
  }

  public Change cancel(long id, String by) {
    return say(
        "cancelled",
        by,
        recorded("cancel", id, by, () -> changes.cancel(id, "Cancelled by " + by)));
  }

  private Change recorded(String action, long id, String by, Supplier<Change> change) {
    return audit.record(new Asked(by, action, "delivery " + id), change, Came::of);
  }

  private SendAgain again(boolean isDeliveredToo) {
    return new SendAgain(isDeliveredToo, Set.of(), takers::offBecause);
  }

  private static Change say(String what, String by, Change change) {
    if (change.isChanged()) {
      try (var fields = LogFields.open().delivery(change.id()).lane(change.lane())) {
        log.info("Delivery {} of {} is {} by {}", change.id(), change.lane(), what, by);
      }
    }
    return change;
  }
}
