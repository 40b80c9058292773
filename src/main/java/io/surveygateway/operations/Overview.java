package io.surveygateway.operations;

import com.fasterxml.jackson.annotation.JsonValue;
import io.surveygateway.operations.LaneOperations.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gateway at one look: what came, what became of it, and what waits for whom.
 *
 * @param asOf when it was read
 * @param range that {@code accepted}, {@code delivered} and the like are of
 * @param requests that came in each part of the range: accepted, then refused
 * @param deliveries that ended, and tries that failed, in each part: delivered, then failed
 */
public record Overview(
    Instant asOf,
    Range range,
    List<Destination> destinations,
    List<Provider> providers,
    List<Part> requests,
    List<Part> deliveries,
    Books books) {

  /** How far back it looks, and in parts of what length. */
  public enum Range {
    HOUR(Duration.ofMinutes(1), 60),
    DAY(Duration.ofMinutes(15), 96),
    WEEK(Duration.ofHours(2), 84),
    MONTH(Duration.ofDays(1), 30);

    private final Duration part;
    private final int parts;

    Range(Duration part, int parts) {
      this.part = part;
      this.parts = parts;
    }

    /** As addresses and the API name it. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Range> of(String text) {
      return Stream.of(values()).filter(range -> range.text().equals(text)).findFirst();
    }

    public Duration part() {
      return part;
    }

    public int parts() {
      return parts;
    }

    /** Start of the first part; parts are whole ones of UTC, and the last is not over. */
    Instant start(Instant now) {
      var length = part.toMillis();
      var last = now.toEpochMilli() - Math.floorMod(now.toEpochMilli(), length);
      return Instant.ofEpochMilli(last - (parts - 1) * length);
    }
  }

  /**
   * One part of the range.
   *
   * @param good that were accepted, or delivered
   * @param bad that were refused, or failed
   */
  public record Part(Instant start, long good, long bad) {}

  /**
   * A destination.
   *
   * @param delivered in the range
   * @param failed tries in the range that failed
   * @param waiting now, those that are retried too
   * @param parked now, for a person
   * @param oldestWaiting since when the one that has waited for longest does so
   */
  public record Destination(
      Lane lane,
      long delivered,
      long failed,
      long waiting,
      long parked,
      @Nullable Instant oldestWaiting) {}

  /**
   * A provider.
   *
   * @param accepted in the range
   * @param refused in the range
   * @param setAside items in the range that could not be made an event
   * @param waiting requests that are to be mapped now
   * @param parked requests that wait for a person now
   */
  public record Provider(
      Lane lane, long accepted, long refused, long setAside, long waiting, long parked) {}

  /**
   * What became of all that was ever taken in; how it adds up stands in {@link
   * io.surveygateway.store.Counter}.
   */
  public record Books(
      long requests,
      long requestsDone,
      long requestsWaiting,
      long requestsParked,
      long requestsCancelled,
      long events,
      long repeats,
      long setAside,
      long deliveries,
      long delivered,
      long waiting,
      long parked,
      long superseded,
      long skipped,
      long cancelled) {}
}
