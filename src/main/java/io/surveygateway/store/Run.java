package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The same done to all that match a filter, in small steps; and the record of who asked for it.
 *
 * @param askedBy who had it prepared
 * @param filter which deliveries, events or requests; none that came after it was prepared
 * @param destinations that events are replayed to; none: those that each went to
 * @param matches how many there were when it was prepared
 * @param isMore whether there were more than were counted
 * @param done how many were looked at
 * @param changed how many deliveries or requests were changed
 * @param notPossible how many were not, by {@link Change.Verdict}
 * @param reason why it stopped by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Run(
    long id,
    Action action,
    State state,
    String askedBy,
    Instant preparedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Filter filter,
    List<String> destinations,
    long matches,
    boolean isMore,
    long done,
    long changed,
    Map<String, Long> notPossible,
    @Nullable String reason) {

  /** What is done. */
  public enum Action {
    RETRY,
    CANCEL,
    REPLAY,
    MAP_AGAIN;

    /** As people and programs name it, such as {@code map-again}. */
    @com.fasterxml.jackson.annotation.JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Action> of(String text) {
      return Stream.of(values()).filter(action -> action.text().equals(text)).findFirst();
    }

    Walk.Of walkedAlong() {
      return switch (this) {
        case RETRY, CANCEL -> Walk.Of.DELIVERIES;
        case REPLAY -> Walk.Of.EVENTS;
        case MAP_AGAIN -> Walk.Of.REQUESTS;
      };
    }
  }

  /** How far it is. */
  public enum State {
    PREPARED,
    RUNNING,
    STOPPED,
    DONE;

    @com.fasterxml.jackson.annotation.JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  @JsonProperty("more")
  public boolean isMore() {
    return isMore;
  }
}
