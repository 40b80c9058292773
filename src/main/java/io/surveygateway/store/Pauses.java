package io.surveygateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a person hold up a provider's requests or a destination's deliveries, and let them go again,
 * or sooner than a destination in trouble asked for.
 *
 * <p>Holds for all gateways on the store, and over restarts. What is paused is still taken in and
 * stored; it is not claimed, so it burns no attempt, and its age begins anew when it goes on. What
 * was claimed before comes to its end. Lanes are named as by {@link InboxStore#lane} and {@link
 * OutboxStore#lane}; whether there is one of that name is not asked. Safe for use by many threads.
 */
public final class Pauses {

  /**
   * A pause that holds.
   *
   * @param since when it began
   * @param by who asked for it last, at most 63 characters
   * @param because what they said, at most 1000 characters
   */
  public record Pause(String lane, Instant since, String by, @Nullable String because) {

    /** For a person, in a line. */
    public String words() {
      return "paused by " + by + " since " + since + (because == null ? "" : ": " + because);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Pauses.class);
  private static final Pattern LANE = Pattern.compile("(inbox|outbox):[a-z0-9][a-z0-9-]{0,62}");
  private static final int LONGEST_BY = 63;
  private static final int LONGEST_BECAUSE = 1000;
  private static final String COLUMNS = "name, paused_at, paused_by, paused_because";

  private final Store store;
  private final Signals signals;
  private final Lanes lanes;

  Pauses(Store store, Signals signals, Clock clock) {
    this.store = store;
    this.signals = signals;
    this.lanes = new Lanes(store.dialect(), new StoreTime(clock));
  }

  /**
   * Pauses a lane: from their next claim on, no gateway takes from it. One that is paused already
   * stays so since when it was, for the new reason.
   *
   * @throws IllegalArgumentException if that is no lane, or nobody asked for it
   */
  public void pause(String lane, String by, @Nullable String because) {
    check(lane, by);
    var who = plain(by, LONGEST_BY);
    var why = because == null || because.isBlank() ? null : plain(because, LONGEST_BECAUSE);
    store.write(
        jdbc -> {
          var now = lanes.enter(jdbc, lane).now();
          return jdbc.update(
              "INSERT INTO lane (name, paused_at, paused_by, paused_because) VALUES (?, ?, ?, ?) ON"
                  + " CONFLICT (name) DO UPDATE SET paused_at = COALESCE(lane.paused_at,"
                  + " excluded.paused_at), paused_by = excluded.paused_by, paused_because ="
                  + " excluded.paused_because",
              lane,
              now.toEpochMilli(),
              who,
              why);
        });
    log.warn("{} is paused by {}{}", lane, who, why == null ? "" : ": " + why);
    signals.raise(lane);
  }

  /**
   * Lets a lane go on: on this gateway at once, on others within their poll.
   *
   * @return false if it was not paused
   * @throws IllegalArgumentException if that is no lane, or nobody asked for it
   */
  public boolean resume(String lane, String by) {
    check(lane, by);
    var resumed =
        store.write(
            jdbc -> {
              var now = lanes.enter(jdbc, lane).now();
              return jdbc.update(
                  "UPDATE lane SET paused_at = NULL, paused_by = NULL, paused_because = NULL,"
                      + " resumed_at = ? WHERE name = ? AND paused_at IS NOT NULL",
                  now.toEpochMilli(),
                  lane);
            });
    if (resumed == 0) {
      return false;
    }
    log.info("{} goes on, resumed by {}", lane, plain(by, LONGEST_BY));
    signals.raise(lane);
    return true;
  }

  /**
   * Lets one delivery try a destination in trouble now, however long it asked to be left alone.
   * What waits for a date of its own does not go any sooner.
   *
   * @return false if it is in no trouble
   * @throws IllegalArgumentException if that is no lane, or nobody asked for it
   */
  public boolean tryNow(String lane, String by) {
    check(lane, by);
    var changed =
        store.write(
            jdbc -> {
              var now = lanes.enter(jdbc, lane).now();
              return jdbc.update(
                  "UPDATE lane SET tries_at = ? WHERE name = ? AND trouble IS NOT NULL AND tries_at"
                      + " > ?",
                  now.toEpochMilli(),
                  lane,
                  now.toEpochMilli());
            });
    if (changed == 0) {
      return false;
    }
    log.info("{} is tried before its time, asked for by {}", lane, plain(by, LONGEST_BY));
    signals.raise(lane);
    return true;
  }

  /** All that hold, by lane. */
  public List<Pause> all() {
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT " + COLUMNS + " FROM lane WHERE paused_at IS NOT NULL ORDER BY name",
                (row, n) -> pause(row)));
  }

  /** The pause of one lane, if it is paused. */
  public Optional<Pause> find(String lane) {
    return store.read(
        jdbc ->
            jdbc
                .query(
                    "SELECT " + COLUMNS + " FROM lane WHERE paused_at IS NOT NULL AND name = ?",
                    (row, n) -> pause(row),
                    lane)
                .stream()
                .findFirst());
  }

  private static Pause pause(ResultSet row) throws SQLException {
    return new Pause(
        row.getString("name"),
        Instant.ofEpochMilli(row.getLong("paused_at")),
        row.getString("paused_by"),
        row.getString("paused_because"));
  }

  private static void check(String lane, String by) {
    if (!LANE.matcher(lane).matches()) {
      throw new IllegalArgumentException(
          "Expected a lane such as inbox:popsee or outbox:slack, got " + plain(lane, 100));
    }
    if (by.isBlank()) {
      throw new IllegalArgumentException("Expected the name of who asks for it, got none");
    }
  }

  /** A person's words go to a database and a log: nothing in them may trouble either. */
  private static String plain(String text, int longest) {
    var plain = text.replaceAll("\\p{Cntrl}", " ").strip();
    return plain.substring(0, Math.min(plain.length(), longest));
  }
}
