package io.surveygateway.outbox;

import io.surveygateway.failure.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a destination said that concerns all its deliveries: not so fast, or not with these
 * credentials.
 *
 * <p>Lasts until a delivery has arrived; its date is only the earliest that one may try. Not for
 * use by several threads at once.
 */
final class Hold {

  private Instant until = Instant.EPOCH;
  private @Nullable Failure because;
  private int times;

  boolean isOn() {
    return because != null;
  }

  @Nullable Failure because() {
    return because;
  }

  Instant until() {
    return until;
  }

  /** How often it was said since something arrived; what is said while it waits is no new time. */
  int timesWith(Instant now) {
    return now.isBefore(until) ? Math.max(1, times) : times + 1;
  }

  /**
   * @return whether it was not said before
   */
  boolean put(Failure failure, Instant now, Instant end) {
    times = timesWith(now);
    var isNews = because == null || (isAuth(failure) && !isAuth(because));
    if (because == null || !isAuth(because) || isAuth(failure)) {
      because = failure;
    }
    until = end.isAfter(until) ? end : until;
    return isNews;
  }

  void lift() {
    because = null;
    times = 0;
    until = Instant.EPOCH;
  }

  private static boolean isAuth(Failure failure) {
    return failure.kind() == Failure.Kind.AUTH;
  }
}
