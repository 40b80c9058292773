package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are meant; what is null or empty does not matter.
 *
 * @param survey its id at the provider
 * @param states any of them, as the tables name them
 * @param failureKind as the tables name it
 * @param type of the event
 * @param subject the response's key
 * @param reason of a delivery or a request, as it is stored
 * @param email of the respondent, whatever its case
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
    @Nullable Instant to,
    @Nullable String reason,
    @Nullable String email) {

  public static final Filter ALL =
      new Filter(null, null, null, Set.of(), null, null, null, null, null);

  public Filter {
    states = states == null ? Set.of() : Set.copyOf(states);
  }

  /** Whatever the reason, and whoever responded. */
  public Filter(
      @Nullable String provider,
      @Nullable String survey,
      @Nullable String destination,
      Set<String> states,
      @Nullable String failureKind,
      @Nullable String type,
      @Nullable String subject,
      @Nullable Instant from,
      @Nullable Instant to) {
    this(provider, survey, destination, states, failureKind, type, subject, from, to, null, null);
  }

  /** The same of other states. */
  public Filter in(Set<String> others) {
    return new Filter(
        provider, survey, destination, others, failureKind, type, subject, from, to, reason, email);
  }

  /** For a person, in a line: what matters, by name. */
  public String words() {
    var words = new StringJoiner(", ");
    add(words, "provider", provider);
    add(words, "survey", survey);
    add(words, "destination", destination);
    add(words, "state", states.isEmpty() ? null : String.join(" or ", new TreeSet<>(states)));
    add(words, "failure", failureKind);
    add(words, "type", type);
    add(words, "response", subject);
    add(words, "from", from == null ? null : from.truncatedTo(ChronoUnit.SECONDS));
    add(words, "before", to == null ? null : to.truncatedTo(ChronoUnit.SECONDS));
    add(words, "reason", reason);
    add(words, "e-mail", email == null ? null : "one address");
    return words.toString();
  }

  private static void add(StringJoiner words, String name, @Nullable Object value) {
    if (value != null) {
      words.add(name + " " + value);
    }
  }

  /** The same, and nothing that came later. */
  Filter before(Instant latest) {
    return to != null && to.isBefore(latest)
        ? this
        : new Filter(
            provider,
            survey,
            destination,
            states,
            failureKind,
            type,
            subject,
            from,
            latest,
            reason,
            email);
  }
}
