package io.surveygateway.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.surveygateway.store.EventReads.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds events by a text in what they hold: names, answers, titles, comments, whatever stands in
 * them as a value.
 *
 * <p>There is no index of words: events are read one by one, newest first, along the index of the
 * other filters, for so long and so many at a time; then it says how far back it has looked, and
 * goes on from there when asked. The database picks those whose document has the text somewhere,
 * and of these the ones count where it is in a value, not in the name of a member.
 *
 * <p>Case does not matter for ASCII letters. For others the text is looked for as it was given, in
 * small letters, in capitals, and with a capital first: a word of mixed case beyond that is missed
 * on SQLite. Accents matter. Safe for use by many threads.
 */
public final class EventSearch {

  public static final int SHORTEST = 2;
  public static final int LONGEST = 200;

  /** Begins no further stretch after so long. */
  static final Duration BUDGET = Duration.ofMillis(100);

  /** Events of one stretch; they may be large. */
  static final int STRETCH = 200;

  /** Events that are looked at for one page, at most. */
  static final int MOST = 100 * STRETCH;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * An event that has the text.
   *
   * @param place the question, or the member, that it was found at
   * @param words that stand round it
   */
  public record Found(Event event, String place, String words) {}

  /**
   * What one look found.
   *
   * @param items newest first; few, and even none, while there may be more
   * @param next where it goes on, or null where all were looked at
   * @param backTo when the last event that was looked at was kept; null where all were
   * @param looked at so many events
   */
  public record Look(
      List<Found> items, @Nullable Position next, @Nullable Instant backTo, int looked) {

    public Page<Event> page() {
      return new Page<>(items.stream().map(Found::event).toList(), next);
    }
  }

  private final Store store;
  private final EventReads events;
  private final LongSupplier nanos;

  EventSearch(Store store, EventReads events, LongSupplier nanos) {
    this.store = store;
    this.events = events;
    this.nanos = nanos;
  }

  /**
   * @param text of {@value #SHORTEST} to {@value #LONGEST} characters
   * @param limit of events found
   * @throws IllegalArgumentException if the text is longer or shorter
   */
  public Look look(Filter filter, String text, @Nullable Position after, int limit) {
    if (text.length() < SHORTEST || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "Expected a text of " + SHORTEST + " to " + LONGEST + " characters to look for");
    }
    var walk = Walk.ofEventsLike(filter, patterns(text), store.dialect().isLike());
    var end = nanos.getAsLong() + BUDGET.toNanos();
    var found = new ArrayList<Found>();
    var at = after;
    var looked = 0;
    do {
      var stretch = walk.next(store, at, STRETCH, limit - found.size());
      found.addAll(confirmed(stretch.matches(), text));
      at = stretch.reached();
      looked += stretch.looked();
    } while (at != null && found.size() < limit && looked < MOST && nanos.getAsLong() - end < 0);
    return new Look(found, at, at == null ? null : Instant.ofEpochMilli(at.at()), looked);
  }

  private List<Found> confirmed(List<Long> ids, String text) {
    if (ids.isEmpty()) {
      return List.of();
    }
    var documents = events.documents(ids);
    Map<Long, Event> byId =
        events.some(ids).stream().collect(Collectors.toMap(Event::id, Function.identity()));
    return ids.stream()
        .filter(id -> byId.containsKey(id) && documents.containsKey(id))
        .flatMap(
            id ->
                place(documents.get(id), text)
                    .map(found -> new Found(byId.get(id), found.place(), found.words()))
                    .stream())
        .toList();
  }

  private static Optional<TextPlace> place(String document, String text) {
    try {
      return TextPlace.of(JSON.readTree(document), text);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** As the text stands in JSON, and in the cases that a database may tell apart. */
  private static List<String> patterns(String text) {
    var isAscii = text.chars().allMatch(c -> c < 128);
    var first = text.offsetByCodePoints(0, 1);
    var lower = text.toLowerCase(Locale.ROOT);
    var capital = text.substring(0, first).toUpperCase(Locale.ROOT);
    return (isAscii
            ? Stream.of(text)
            : Stream.of(
                text,
                lower,
                text.toUpperCase(Locale.ROOT),
                capital + text.substring(first).toLowerCase(Locale.ROOT)))
        .map(EventSearch::pattern)
        .distinct()
        .toList();
  }

  static String pattern(String text) {
    var json = new String(JsonStringEncoder.getInstance().quoteAsString(text));
    return "%" + json.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
  }
}
