package io.surveygateway.outbox;

import io.surveygateway.SettableClock;
import io.surveygateway.store.LaneState;
import io.surveygateway.store.LaneState.Probe;
import io.surveygateway.store.Pauses.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The row of one destination as the store keeps it, and the leases of its deliveries. */
final class SharedLane implements Gate.Row {

  static final Duration LEASE = Duration.ofSeconds(30);

  private final SettableClock clock;
  private final Map<Long, Instant> leases = new HashMap<>();
  private LaneState kept = LaneState.free(Instant.EPOCH);

  SharedLane(SettableClock clock) {
    this.clock = clock;
  }

  /** As it is read now. */
  LaneState read() {
    var probe = kept.probe();
    return new LaneState(
        clock.instant(),
        kept.pause(),
        kept.resumedAt(),
        kept.nextAt(),
        kept.trouble(),
        probe == null
            ? null
            : new Probe(probe.delivery(), leases.getOrDefault(probe.delivery(), Instant.EPOCH)));
  }

  @Override
  public LaneState change(UnaryOperator<LaneState> change) {
    kept = change.apply(read());
    return kept;
  }

  /** A gate's claim of one delivery. */
  void claimed(Gate.Turn turn, long delivery) {
    leases.put(delivery, clock.instant().plus(LEASE));
    if (turn.isForOneExchange()) {
      kept = read().claimed(turn, delivery, clock.instant().plus(LEASE));
    }
  }

  /** Its gateway lives: the lease goes on. */
  void renew(long delivery) {
    leases.put(delivery, clock.instant().plus(LEASE));
  }

  /** Recorded, or given back. */
  void release(long delivery) {
    leases.remove(delivery);
  }

  void pause(@Nullable Pause pause) {
    var now = read();
    kept =
        new LaneState(now.now(), pause, now.resumedAt(), now.nextAt(), now.trouble(), now.probe());
  }
}
