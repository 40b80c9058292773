package io.surveygateway.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import java.util.List;
import java.util.stream.IntStream;
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

  /** Those that nothing was said about. */
  synchronized List<ClaimedDelivery> undecided() {
    return IntStream.range(0, size())
        .filter(index -> verdicts[index] == null)
        .mapToObj(deliveries::get)
        .toList();
  }

  /**
   * What the exchange says about the destination: null if something arrived. One that asks for
   * fewer does so whatever arrived before; records of a batch fail by themselves as long as they do
   * not all fail alike.
   *
   * @param routeFailure how the whole route failed, or null if it ended well
   */
  synchronized @Nullable Failure ofAll(@Nullable Failure routeFailure) {
    var failures =
        IntStream.range(0, size())
            .mapToObj(index -> verdict(index, routeFailure).failure())
            .toList();
    var rateLimited = first(failures, Failure.Kind.RATE_LIMITED);
    if (rateLimited != null) {
      return rateLimited;
    }
    if (routeFailure != null && routeFailure.kind() != Failure.Kind.PERMANENT) {
      return routeFailure;
    }
    if (failures.contains(null)) {
      return null;
    }
    var auth = first(failures, Failure.Kind.AUTH);
    if (auth != null) {
      return auth;
    }
    var permanent = first(failures, Failure.Kind.PERMANENT);
    return permanent != null ? permanent : failures.get(0);
  }

  private static @Nullable Failure first(List<@Nullable Failure> failures, Failure.Kind kind) {
    return failures.stream()
        .filter(failure -> failure != null && failure.kind() == kind)
        .findFirst()
        .orElse(null);
  }
}
