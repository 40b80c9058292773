package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.SettableClock;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weeks of a destination's life in milliseconds: deliveries come, calls take time, the destination
 * fails, slows us down and forgets our credentials. A failure names its seed, which replays it.
 */
class GateSimulationTest {

  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
  private static final Duration LENGTH = Duration.ofDays(21);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int LANES = 3;

  private static final class Delivery {
    final int id;
    final Instant createdAt;
    Instant due;
    int attempts;
    Work.@Nullable State ended;

    Delivery(int id, Instant createdAt) {
      this.id = id;
      this.createdAt = createdAt;
      this.due = createdAt;
    }
  }

  private record Outage(Failure says, Instant from, Instant to) {}

  private record Call(
      Delivery delivery, Gate.Pass pass, Instant from, Instant to, @Nullable Failure answer) {}

  private record Arrival(Instant at) {}

  private final SettableClock clock = new SettableClock(START);
  private final TreeSet<Delivery> waiting =
      new TreeSet<>(
          Comparator.<Delivery, Instant>comparing(delivery -> delivery.due)
              .thenComparing(delivery -> delivery.id));
  private final List<Delivery> all = new ArrayList<>();
  private final List<Outage> outages = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final PriorityQueue<Call> underWay = new PriorityQueue<>(Comparator.comparing(Call::to));
  private Random random;
  private Gate gate;
  private Retries retries;

  private void simulate(long seed, @Nullable Double rate, Duration betweenArrivals) {
    random = new Random(seed);
    var policy = PolicyForTests.withRate(rate);
    gate = new Gate("crm", policy, clock, random);
    retries = new Retries(policy, random);
    planOutages();
    var arrivals = planArrivals(betweenArrivals);
    var steps = 0;
    while (!(arrivals.isEmpty() && waiting.isEmpty() && underWay.isEmpty())) {
      assertThat(++steps).as("steps of seed %d", seed).isLessThan(3_000_000);
      while (!arrivals.isEmpty() && !arrivals.peek().at().isAfter(clock.instant())) {
        var delivery = new Delivery(all.size(), arrivals.poll().at());
        all.add(delivery);
        waiting.add(delivery);
      }
      while (!underWay.isEmpty() && !underWay.peek().to().isAfter(clock.instant())) {
        end(underWay.poll());
      }
      startWhatMayGo();
      advance(arrivals);
    }
  }

  /** One after the other, with healthy times between them; from seconds to four days. */
  private void planOutages() {
    var at = START;
    while (at.isBefore(START.plus(LENGTH))) {
      var from = at.plusSeconds(1 + random.nextInt(36 * 3600));
      var length = (long) (10 * Math.pow(10, random.nextDouble() * 4.54));
      var says =
          switch (random.nextInt(3)) {
            case 0 -> Failure.transientFailure("503");
            case 1 -> Failure.rateLimited("429", random.nextBoolean() ? RETRY_AFTER : null);
            default -> Failure.auth("invalid_client");
          };
      at = from.plusSeconds(length);
      outages.add(new Outage(says, from, at));
    }
  }

  private Deque<Arrival> planArrivals(Duration between) {
    var arrivals = new ArrayDeque<Arrival>();
    for (var at = START;
        at.isBefore(START.plus(LENGTH));
        at = at.plusMillis(1 + (long) (2 * between.toMillis() * random.nextDouble()))) {
      arrivals.add(new Arrival(at));
    }
    return arrivals;
  }

  private @Nullable Outage outageAt(Instant now) {
    return outages.stream()
        .filter(outage -> !now.isBefore(outage.from()) && now.isBefore(outage.to()))
        .findFirst()
        .orElse(null);
  }

  private void startWhatMayGo() {
    while (underWay.size() < LANES
        && !waiting.isEmpty()
        && !waiting.first().due.isAfter(clock.instant())
        && gate.passage() != Gate.Passage.NOTHING) {
      var pass = gate.enter(1);
      assertThat(pass).as("what may be claimed may go").isNotNull();
      var delivery = waiting.pollFirst();
      assertThat(delivery.due).as("its date").isBeforeOrEqualTo(clock.instant());
      var outage = outageAt(clock.instant());
      var slow = outage != null && random.nextInt(4) == 0;
      var to = clock.instant().plusMillis(slow ? 30_000 : 20 + random.nextInt(400));
      var call =
          new Call(delivery, pass, clock.instant(), to, outage == null ? null : outage.says());
      calls.add(call);
      underWay.add(call);
    }
  }

  /** As the outbox's consumer does. */
  private void end(Call call) {
    var delivery = call.delivery();
    var failure = call.answer();
    if (failure == null) {
      call.pass().arrived();
      delivery.ended = Work.State.DELIVERED;
      return;
    }
    call.pass().failed(failure);
    if (Retries.isCounted(failure, call.pass().isProbe())) {
      delivery.attempts++;
    }
    var now = clock.instant();
    var work =
        retries.after(
            failure,
            delivery.attempts,
            Duration.between(delivery.createdAt, now),
            now,
            gate.opensAt());
    delivery.due = work.dueAt();
    if (work.state() == Work.State.PARKED) {
      delivery.ended = Work.State.PARKED;
    } else {
      waiting.add(delivery);
    }
  }

  /** To the next moment that anything can happen at. */
  private void advance(Deque<Arrival> arrivals) {
    var next = new ArrayList<Instant>();
    if (!arrivals.isEmpty()) {
      next.add(arrivals.peek().at());
    }
    if (!underWay.isEmpty()) {
      next.add(underWay.peek().to());
    }
    if (!waiting.isEmpty() && underWay.size() < LANES) {
      var due = waiting.first().due;
      var opens = gate.opensAt();
      next.add(opens.isAfter(due) ? opens : due);
    }
    next.stream()
        .filter(instant -> instant.isAfter(clock.instant()))
        .min(Comparator.naturalOrder())
        .ifPresent(instant -> clock.advance(Duration.between(clock.instant(), instant)));
  }

  /** Calls stand in the order that they began in. */
  private long callsWithin(Instant from, Instant to) {
    return callsBefore(to) - callsBefore(from);
  }

  private int callsBefore(Instant instant) {
    var low = 0;
    var high = calls.size();
    while (low < high) {
      var middle = (low + high) / 2;
      if (calls.get(middle).from().isBefore(instant)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private List<String> undelivered() {
    return all.stream()
        .filter(delivery -> delivery.ended != Work.State.DELIVERED)
        .map(delivery -> delivery.id + " " + delivery.ended + " after " + delivery.attempts)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void deliversEverythingHoweverOftenTheDestinationWasAway(long seed) {
    simulate(seed, null, Duration.ofSeconds(60));

    assertThat(all).hasSizeGreaterThan(20_000);
    assertThat(undelivered()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void losesNothingThatIsAlone(long seed) {
    simulate(seed, null, Duration.ofHours(20));

    assertThat(undelivered()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void neverGoesFasterThanItsRate(long seed) {
    simulate(seed, 0.2, Duration.ofSeconds(20));

    for (var i = 1; i < calls.size(); i++) {
      assertThat(Duration.between(calls.get(i - 1).from(), calls.get(i).from()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }
    assertThat(undelivered()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34})
  void givesADeadDestinationAHandfulOfCallsAMinuteWhateverTheBacklog(long seed) {
    simulate(seed, null, Duration.ofSeconds(20));

    for (var outage : outages) {
      if (outage.says().kind() != Failure.Kind.TRANSIENT) {
        continue;
      }
      // Ten of the window's twenty, what was under way beside the tenth, and the first probes.
      assertThat(callsWithin(outage.from(), outage.to().minus(MINUTE)))
          .isLessThanOrEqualTo(
              10 + LANES + 3 + Duration.between(outage.from(), outage.to()).toMinutes());
      for (var at = outage.from(); at.isBefore(outage.to()); at = at.plusSeconds(60)) {
        var end = at.plusSeconds(60).isBefore(outage.to()) ? at.plusSeconds(60) : outage.to();
        assertThat(callsWithin(at, end)).isLessThanOrEqualTo(10 + LANES + 3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43})
  void leavesADestinationAloneUntilItWantsMore(long seed) {
    simulate(seed, null, Duration.ofSeconds(20));

    for (var slowDown : calls) {
      var answer = slowDown.answer();
      if (answer != null && answer.retryAfter() != null) {
        assertThat(callsWithin(slowDown.to(), slowDown.to().plus(RETRY_AFTER))).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {51, 52, 53})
  void triesRefusedCredentialsEveryFewMinutes(long seed) {
    simulate(seed, null, Duration.ofSeconds(20));

    for (var outage : outages) {
      if (outage.says().kind() == Failure.Kind.AUTH) {
        assertThat(callsWithin(outage.from(), outage.to()))
            .isLessThanOrEqualTo(
                LANES
                    + 1
                    + Duration.between(outage.from(), outage.to())
                        .dividedBy(Duration.ofMinutes(5)));
      }
    }
  }
}
