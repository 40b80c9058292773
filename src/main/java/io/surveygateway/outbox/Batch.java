package io.surveygateway.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The deliveries of one exchange, and the first word on each. */
final class Batch implements Deliveries {

  /**
   * @param failure why it failed, or null if it arrived
   */
  record Verdict(@Nullable Failure failure, @Nullable String externalReference) {}

  private final List<ClaimedDelivery> deliveries;
  private final List<JsonNode> events;
  private final @Nullable Verdict[] verdicts;

  Batch(List<ClaimedDelivery> deliveries, List<JsonNode> events) {
    this.deliveries = deliveries;
    this.events = events;
    this.verdicts = new Verdict[deliveries.size()];
  }

  ClaimedDelivery delivery(int index) {
    return deliveries.get(index);
  }

  @Override
  public int size() {
    return events.size();
  }

  @Override
  public JsonNode event(int index) {
    return events.get(index);
  }

  @Override
  public synchronized boolean isDecided(int index) {
    return verdicts[index] != null;
  }

  @Override
  public void delivered(int index, @Nullable String externalReference) {
    decide(index, new Verdict(null, externalReference));
  }

  @Override
  public void failed(int index, Failure failure) {
    decide(index, new Verdict(failure, null));
  }

  private synchronized void decide(int index, Verdict verdict) {
    if (verdicts[index] == null) {
      verdicts[index] = verdict;
    }
  }

  /**
   * @param routeFailure how the whole route failed, or null if it ended well: what holds for those
   *     that nothing was said about
   */
  synchronized Verdict verdict(int index, @Nullable Failure routeFailure) {
    var said = verdicts[index];
    return said != null ? said : new Verdict(routeFailure, null);
  }
}
