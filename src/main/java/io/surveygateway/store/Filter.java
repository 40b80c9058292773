package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are meant; what is null or empty does not matter.
 *
 * @param survey its id at the provider
 * @param states any of them, as the tables name them
 * @param failureKind as the tables name it
 * @param type of the event
 * @param subject the response's key
 * @param from when it came or was made, this moment included
 * @param to before this moment
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Filter(
    @Nullable String provider,
    @Nullable String survey,
    @Nullable String destination,
    Set<String> states,
    @Nullable String failureKind,
    @Nullable String type,
    @Nullable String subject,
    @Nullable Instant from,
    @Nullable Instant to) {

  public static final Filter ALL =
      new Filter(null, null, null, Set.of(), null, null, null, null, null);

  public Filter {
    states = states == null ? Set.of() : Set.copyOf(states);
  }

  /** The same, and nothing that came later. */
  Filter before(Instant latest) {
    return to != null && to.isBefore(latest)
        ? this
        : new Filter(
            provider, survey, destination, states, failureKind, type, subject, from, latest);
  }
}
