package io.surveygateway.store;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.Pauses.Pause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all gateways on a store know of one destination, at the moment that it was read.
 *
 * @param now the store's exact time of that moment
 * @param pause that a person asked for, or null
 * @param resumedAt when the latest pause ended, or 1970
 * @param nextAt its rate: before that no exchange goes
 * @param trouble that keeps all but one delivery waiting, or null
 * @param probe the delivery that was the last to try, or null
 */
public record LaneState(
    Instant now,
    @Nullable Pause pause,
    Instant resumedAt,
    Instant nextAt,
    @Nullable Trouble trouble,
    @Nullable Probe probe) {

  /**
   * What a destination said, or did not say, that concerns all its deliveries.
   *
   * @param kind transient where most calls fail; never permanent
   * @param reason of the latest failure
   * @param times that it was tried in vain, the first failure included
   * @param triesAt when one delivery may try next, to the millisecond
   */
  public record Trouble(Failure.Kind kind, String reason, int times, Instant triesAt) {

    public Trouble {
      triesAt = triesAt.truncatedTo(ChronoUnit.MILLIS);
    }
  }

  /** It is under way until its lease is over: given back, recorded, or run out. */
  public record Probe(long delivery, Instant leasedUntil) {}

  /** Neither paused nor in trouble. */
  public static LaneState free(Instant now) {
    return new LaneState(now, null, Instant.EPOCH, Instant.EPOCH, null, null);
  }

  /** Whether a delivery is trying the destination, on whichever gateway. */
  public boolean isProbed() {
    return probe != null && probe.leasedUntil.isAfter(now);
  }

  /** Something was claimed: {@code delivery} is the first of it. */
  public LaneState claimed(Turn turn, long delivery, Instant leasedUntil) {
    return new LaneState(
        now,
        pause,
        resumedAt,
        turn.nextAt() == null ? nextAt : turn.nextAt(),
        trouble,
        turn.isProbe() ? new Probe(delivery, leasedUntil) : probe);
  }

  /** The same in other trouble, or in none; whoever tried has had its say where {@code isOver}. */
  public LaneState in(@Nullable Trouble other, boolean isOver) {
    return new LaneState(now, pause, resumedAt, nextAt, other, isOver ? null : probe);
  }

  /** What may be claimed at one moment. */
  public interface Turn {

    /** Deliveries at most; 0 for nothing. */
    int most();

    /** Whether it is the one that tries the destination. */
    boolean isProbe();

    /** When the next may be claimed, or null for at once. */
    @Nullable Instant nextAt();
  }
}
