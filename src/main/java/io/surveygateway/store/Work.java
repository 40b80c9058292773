package io.surveygateway.store;

import io.surveygateway.failure.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a piece of claimed work: the row's next state.
 *
 * @param state that the row takes
 * @param dueAt when it may be claimed again, where {@code state} is retrying; otherwise now
 * @param failure why, where it did not simply work
 */
public record Work(State state, Instant dueAt, @Nullable Failure failure) {

  /** States of inbox items and deliveries, as the tables name them. */
  public enum State {
    WAITING,
    RETRYING,
    DONE,
    DELIVERED,
    PARKED,
    SKIPPED,
    SUPERSEDED,
    CANCELLED;

    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * @param text as the tables name it
     */
    static State of(String text) {
      return valueOf(text.toUpperCase(java.util.Locale.ROOT));
    }

    boolean isOpen() {
      return this == WAITING || this == RETRYING;
    }
  }

  @Nullable String kindText() {
    return failure == null ? null : failure.kind().name().toLowerCase(java.util.Locale.ROOT);
  }

  @Nullable String reason() {
    return failure == null ? null : failure.reason();
  }

  /** Whether it goes on later for a reason that is not its own: that was no attempt. */
  boolean isWait() {
    return state == State.RETRYING && failure != null && failure.isWait();
  }

  @Nullable Long finishedAt() {
    return state.isOpen() ? null : dueAt.toEpochMilli();
  }
}
