package io.surveygateway.alerts;

import io.surveygateway.failure.Failure;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.outbox.Destinations.Destination;
import io.surveygateway.store.Counter;
import io.surveygateway.store.CounterTotals;
import io.surveygateway.store.Counters;
import io.surveygateway.store.LaneState.Trouble;
import io.surveygateway.store.OutboxStore;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.Pauses.Pause;
import io.surveygateway.store.Troubles;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds destinations that fail or refuse us, and what is parked or late for them.
 *
 * <p>By the rows that gateways share, by counts, and by one look at an index for each destination:
 * nothing that is read grows with what waits.
 */
final class DestinationFindings implements Findings {

  private final Supplier<List<String>> destinations;
  private final Counters counters;
  private final Troubles troubles;
  private final Pauses pauses;
  private final AlertSettings settings;
  private final Clock clock;

  DestinationFindings(
      Supplier<List<String>> destinations,
      Counters counters,
      Troubles troubles,
      Pauses pauses,
      AlertSettings settings,
      Clock clock) {
    this.destinations = destinations;
    this.counters = counters;
    this.troubles = troubles;
    this.pauses = pauses;
    this.settings = settings;
    this.clock = clock;
  }

  /** Those that are on: what is off is skipped, which is a choice. */
  static List<String> on(Destinations destinations) {
    return destinations.all().stream().filter(Destination::isOn).map(Destination::name).toList();
  }

  @Override
  public List<Finding> look(List<Alert> known) {
    var names = destinations.get();
    var totals = counters.totals();
    var oldest = counters.oldestWaiting(names);
    var inTrouble = troubles.all();
    Map<String, Pause> paused =
        pauses.all().stream().collect(Collectors.toMap(Pause::lane, Function.identity()));
    var now = clock.instant();
    var found = new ArrayList<Finding>();
    for (var name : names) {
      var lane = OutboxStore.lane(name);
      addTrouble(found, name, inTrouble.get(lane), totals, now);
      addParked(found, name, totals, now);
      addLate(found, name, oldest.get(name), paused.get(lane), totals, now);
    }
    return found;
  }

  private void addTrouble(
      List<Finding> found,
      String name,
      @Nullable Trouble trouble,
      CounterTotals totals,
      Instant now) {
    if (trouble == null) {
      return;
    }
    var waiting = totals.openDeliveries(name) + " deliveries wait";
    if (trouble.kind() == Failure.Kind.AUTH) {
      found.add(
          new Finding(
              AlertKind.CREDENTIALS_REFUSED,
              name,
              now,
              settings.refusedAfter(),
              "it refuses our credentials, and " + waiting + ": " + trouble.reason()));
      return;
    }
    var what = trouble.kind() == Failure.Kind.RATE_LIMITED ? "asks us to slow down" : "fails";
    found.add(
        new Finding(
            AlertKind.DESTINATION_FAILING,
            name,
            now,
            settings.failingAfter(),
            "it " + what + ", and " + waiting + ": " + trouble.reason()));
  }

  private void addParked(List<Finding> found, String name, CounterTotals totals, Instant now) {
    var parked = totals.level(Counter.DELIVERIES_PARKED, name);
    if (parked >= settings.parkedFrom()) {
      found.add(
          new Finding(
              AlertKind.DELIVERIES_PARKED,
              name,
              now,
              Duration.ZERO,
              parked
                  + " of its deliveries "
                  + (parked == 1 ? "is parked and waits" : "are parked and wait")
                  + " for a person: /api/deliveries?state=parked&destination="
                  + name));
    }
  }

  private void addLate(
      List<Finding> found,
      String name,
      @Nullable Instant oldest,
      @Nullable Pause pause,
      CounterTotals totals,
      Instant now) {
    if (oldest == null
        || Duration.between(oldest, now).compareTo(settings.waitingLongerThan()) <= 0) {
      return;
    }
    found.add(
        new Finding(
            AlertKind.OLDEST_WAITING,
            name,
            oldest,
            Duration.ZERO,
            "its oldest delivery has waited for "
                + Spans.words(oldest, now)
                + ", and "
                + totals.openDeliveries(name)
                + " wait"
                + (pause == null ? "" : "; it is " + pause.words())));
  }
}
