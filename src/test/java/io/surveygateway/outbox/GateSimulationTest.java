package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.SettableClock;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
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
 * fails, slows us down and forgets our credentials; gateways that share its row die and start. A
 * failure names its seed, which replays it.
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

  /** One process: a gate, and so many exchanges side by side. */
  private static final class Gateway {
    final Gate gate;
    int underWay;

    Gateway(Gate gate) {
      this.gate = gate;
    }
  }

  private record Call(
      Delivery delivery,
      Gateway gateway,
      Gate.Turn turn,
      Instant from,
      Instant to,
      @Nullable Failure answer) {}

  /** What a gateway had in hand that died: free again when its lease is over. */
  private record Left(Delivery delivery, Instant at) {}

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
  private final PriorityQueue<Left> left = new PriorityQueue<>(Comparator.comparing(Left::at));
  private final SharedLane lane = new SharedLane(clock);
  private final List<Gateway> gateways = new ArrayList<>();
  private int deaths;
  private DeliveryPolicy policy;
  private Random random;
  private Retries retries;

  private void simulate(long seed, @Nullable Double rate, Duration betweenArrivals) {
    simulate(1, seed, rate, betweenArrivals);
  }

  /** Where there are several gateways, one of them dies now and then, and starts again. */
  private void simulate(int count, long seed, @Nullable Double rate, Duration betweenArrivals) {
    random = new Random(seed);
    policy = PolicyForTests.withRate(rate);
    for (var i = 0; i < count; i++) {
      gateways.add(newGateway());
    }
    retries = new Retries(policy, random);
    planOutages();
    var arrivals = planArrivals(betweenArrivals);
    var steps = 0;
    while (!(arrivals.isEmpty() && waiting.isEmpty() && underWay.isEmpty() && left.isEmpty())) {
      assertThat(++steps).as("steps of seed %d", seed).isLessThan(3_000_000);
      while (!arrivals.isEmpty() && !arrivals.peek().at().isAfter(clock.instant())) {
        var delivery = new Delivery(all.size(), arrivals.poll().at());
        all.add(delivery);
        waiting.add(delivery);
      }
      while (!underWay.isEmpty() && !underWay.peek().to().isAfter(clock.instant())) {
        end(underWay.poll());
      }
      while (!left.isEmpty() && !left.peek().at().isAfter(clock.instant())) {
        waiting.add(left.poll().delivery());
      }
      underWay.forEach(call -> lane.renew(call.delivery().id));
      if (gateways.size() > 1 && random.nextInt(2000) == 0) {
        die(random.nextInt(gateways.size()));
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

  private Gateway newGateway() {
    return new Gateway(new Gate("crm", policy, lane, random));
  }

  /** What it has sent is not recorded, and it renews no lease any more. */
  private void die(int index) {
    deaths++;
    var dead = gateways.set(index, newGateway());
    for (var call : List.copyOf(underWay)) {
      if (call.gateway() == dead) {
        underWay.remove(call);
        left.add(new Left(call.delivery(), clock.instant().plus(SharedLane.LEASE)));
      }
    }
  }

  private void startWhatMayGo() {
    for (var started = true; started; ) {
      started = false;
      // None has a better place than the others.
      Collections.shuffle(gateways, random);
      for (var gateway : gateways) {
        started |= gateway.underWay < LANES && start(gateway);
      }
    }
  }

  private boolean start(Gateway gateway) {
    var turn = gateway.gate.turn(lane.read(), 1, 1);
    if (turn.most() == 0 || waiting.isEmpty() || waiting.first().due.isAfter(clock.instant())) {
      return false;
    }
    assertThat(turn.mayGo()).as("what may be claimed may go").isTrue();
    var delivery = waiting.pollFirst();
    assertThat(delivery.due).as("its date").isBeforeOrEqualTo(clock.instant());
    lane.claimed(turn, delivery.id);
    var outage = outageAt(clock.instant());
    var slow = outage != null && random.nextInt(4) == 0;
    var to = clock.instant().plusMillis(slow ? 30_000 : 20 + random.nextInt(400));
    var answer = outage == null ? null : outage.says();
    var call = new Call(delivery, gateway, turn, clock.instant(), to, answer);
    calls.add(call);
    underWay.add(call);
    gateway.underWay++;
    return true;
  }

  /** As the outbox's consumer does. */
  private void end(Call call) {
    var gate = call.gateway().gate;
    call.gateway().underWay--;
    var delivery = call.delivery();
    var failure = call.answer();
    if (failure == null) {
      lane.release(delivery.id);
      gate.arrived(call.turn());
      delivery.ended = Work.State.DELIVERED;
      return;
    }
    gate.failed(call.turn(), failure);
    lane.release(delivery.id);
    if (Retries.isCounted(failure, call.turn().isProbe())) {
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
    if (!left.isEmpty()) {
      next.add(left.peek().at());
    }
    if (!waiting.isEmpty()) {
      var due = waiting.first().due;
      for (var gateway : gateways) {
        var opens = gateway.gate.opensAt();
        next.add(opens.isAfter(due) ? opens : due);
      }
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
  @ValueSource(longs = {61, 62, 63, 64})
  void keepsOneRateOverAllGateways(long seed) {
    simulate(3, seed, 0.2, Duration.ofSeconds(20));

    for (var i = 1; i < calls.size(); i++) {
      assertThat(Duration.between(calls.get(i - 1).from(), calls.get(i).from()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }
    assertThat(deaths).isPositive();
    assertThat(undelivered()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {71, 72, 73, 74})
  void deliversEverythingThoughGatewaysDie(long seed) {
    simulate(2, seed, null, Duration.ofSeconds(60));

    assertThat(deaths).isPositive();
    assertThat(undelivered()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {81, 82, 83, 84})
  void givesADeadDestinationTheCallsOfOneGatewayHoweverManyThereAre(long seed) {
    var gates = 3;
    simulate(gates, seed, null, Duration.ofSeconds(20));

    for (var outage : outages) {
      if (outage.says().kind() != Failure.Kind.TRANSIENT) {
        continue;
      }
      // Until the first window is half full of failures each has its own; then one probe for all.
      assertThat(callsWithin(outage.from(), outage.to().minus(MINUTE)))
          .isLessThanOrEqualTo(
              gates * (10 + LANES) + 3 + Duration.between(outage.from(), outage.to()).toMinutes());
      for (var at = outage.from().plus(MINUTE.multipliedBy(15));
          at.isBefore(outage.to());
          at = at.plusSeconds(60)) {
        var end = at.plusSeconds(60).isBefore(outage.to()) ? at.plusSeconds(60) : outage.to();
        assertThat(callsWithin(at, end)).as("of all, in a minute").isLessThanOrEqualTo(2);
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
