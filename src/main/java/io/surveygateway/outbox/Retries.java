package io.surveygateway.outbox;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What becomes of a delivery that failed. Keeps no state. */
final class Retries {

  private final DeliveryPolicy policy;
  private final RandomGenerator random;

  Retries(DeliveryPolicy policy, RandomGenerator random) {
    this.policy = policy;
    this.random = random;
  }

  /**
   * Whether it was one of the attempts that a delivery has. Not where the destination only asked to
   * wait; nor where it was the one that was tried, or few deliveries would be used up in probes.
   *
   * @param failure or null if it arrived
   */
  static boolean isCounted(@Nullable Failure failure, boolean isProbe) {
    return failure == null
        || failure.kind() == Failure.Kind.PERMANENT
        || (failure.kind() == Failure.Kind.TRANSIENT && !isProbe);
  }

  /**
   * @param attempts that count so far, this one included if it does
   * @param age since it was sent on its way, or its destination's pause ended
   * @param gateOpensAt before that it would only wait
   */
  Work after(Failure failure, int attempts, Duration age, Instant now, Instant gateOpensAt) {
    if (parksBecause(failure, attempts, age) != null) {
      return new Work(Work.State.PARKED, now, failure);
    }
    if (failure.kind() == Failure.Kind.AUTH && gateOpensAt.isAfter(now)) {
      // It waits for its destination alone, and goes as soon as that is mended.
      return new Work(Work.State.RETRYING, now, failure);
    }
    var due =
        now.plus(
            switch (failure.kind()) {
              case AUTH -> policy.authRetry();
              // Its attempts say nothing about how often it was asked to slow down; the gate knows.
              case RATE_LIMITED -> policy.backoff().after(1, failure, random);
              default -> policy.backoff().after(attempts, failure, random);
            });
    var isHeld = failure.isWait() && gateOpensAt.isAfter(due);
    return new Work(Work.State.RETRYING, isHeld ? gateOpensAt : due, failure);
  }

  /** Why a person has to look at it, or null if it is tried again. */
  @Nullable String parksBecause(Failure failure, int attempts, Duration age) {
    return switch (failure.kind()) {
      case PERMANENT -> "it cannot work as it is";
      // Whatever its age: it is not the delivery that has to be mended.
      case AUTH -> null;
      case RATE_LIMITED -> isTooOld(age) ? tooOld() : null;
      case TRANSIENT ->
          isTooOld(age)
              ? tooOld()
              : policy.backoff().isLast(attempts) ? "after " + attempts + " attempts" : null;
    };
  }

  private boolean isTooOld(Duration age) {
    return age.compareTo(policy.longestAge()) > 0;
  }

  private String tooOld() {
    return "older than " + policy.longestAge().toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
