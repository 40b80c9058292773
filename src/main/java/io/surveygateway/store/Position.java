package io.surveygateway.store;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a list that is read in the order of its times.
 *
 * @param at the row's time, in milliseconds
 * @param id the row's id, which tells rows of one moment apart
 */
public record Position(long at, long id) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /** The opposite of {@link #text()}; empty where it is no such text. */
  public static Optional<Position> parse(String text) {
    var match = TEXT.matcher(text);
    return match.matches()
        ? Optional.of(new Position(Long.parseLong(match.group(1)), Long.parseLong(match.group(2))))
        : Optional.empty();
  }

  /** As links hold it. */
  public String text() {
    return at + "-" + id;
  }

  boolean isBefore(Position other) {
    return at < other.at || at == other.at && id < other.id;
  }
}
