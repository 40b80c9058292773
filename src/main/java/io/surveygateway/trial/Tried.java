package io.surveygateway.trial;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request would become.
 *
 * @param outcome what would become of the request: {@code done}, or {@code retrying} or {@code
 *     parked} with a reason
 * @param events that it makes, in their order
 * @param setAside items that cannot become an event
 * @param fetches calls of the provider's API that would be made, or were
 * @param moreEvents how many more events there are than are shown
 * @param mistakes in the provider's folder, in the words of the lint, where something was set aside
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tried(
    String provider,
    String outcome,
    @Nullable String reason,
    @Nullable String at,
    List<TriedEvent> events,
    List<LeftOut> setAside,
    List<Call> fetches,
    int moreEvents,
    List<String> mistakes) {

  /**
   * One event, and what each destination would get that the router chooses.
   *
   * @param event in its canonical form
   */
  public record TriedEvent(JsonNode event, List<Delivery> destinations) {}

  /**
   * What one destination would be sent.
   *
   * @param offBecause why nothing is sent there now, or null if it is on
   * @param problem why its route could not shape the event, or null if it could
   * @param at file and line of the step that failed
   * @param calls in their order, each as if the ones before had succeeded
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Delivery(
      String destination,
      @Nullable String offBecause,
      @Nullable String problem,
      @Nullable String at,
      List<Call> calls) {}

  /**
   * A call that a step would make.
   *
   * @param step its id
   * @param does its description
   * @param to the component
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Call(String step, @Nullable String does, String to, JsonNode sends) {}

  /**
   * An item that cannot become an event.
   *
   * @param item its index in the batch, from 0; null for the whole request
   * @param reason as it would be kept; the schema's own words, where it is the schema that refuses
   * @param words what was thrown, in full: it may quote what was sent
   * @param step that failed
   * @param at its file and line
   * @param mapped what the mapping made of it, if it came so far
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LeftOut(
      @Nullable Integer item,
      String reason,
      @Nullable String words,
      @Nullable String step,
      @Nullable String at,
      @Nullable JsonNode mapped) {}

  /** Whether everything became an event, and every destination could be served. */
  public boolean isClean() {
    return outcome.equals("done")
        && setAside.isEmpty()
        && events.stream()
            .flatMap(event -> event.destinations().stream())
            .allMatch(delivery -> delivery.problem() == null);
  }
}
