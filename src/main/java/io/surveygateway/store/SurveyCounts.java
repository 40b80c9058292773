package io.surveygateway.store;

import io.surveygateway.store.StepResult.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Counts responses by survey, in the transaction that writes their events: one look at an index for
 * each response, and one batch for all.
 *
 * <p>A response counts once, as its newest event has it, at the time when its first event was kept;
 * an event that changes it takes it from where it stood and adds it where it stands. So does one
 * that is mapped again. What leaves by its age stays counted; a response whose events have all left
 * and that comes once more counts as new, as everywhere in the gateway.
 *
 * <p>Two gateways that write the first two events of one response at the same moment do not see
 * each other's, and count it twice. Everything else is exact. Keeps no state.
 */
final class SurveyCounts {

  /** A row of {@code survey_count} is of all, of a minute, or of a quarter of an hour. */
  static final String EVER = "ever";

  static final String MINUTE = "minute";
  static final String QUARTER = "quarter";

  static final long MINUTE_LENGTH = Duration.ofMinutes(1).toMillis();
  static final long QUARTER_LENGTH = Duration.ofMinutes(15).toMillis();

  /** What is older is not counted by the minute. */
  static final Duration MINUTES = Duration.ofHours(2);

  /** In the order of the columns that count them; then come the scores from 0 to 10. */
  static final List<String> STATUSES =
      List.of("completed", "partial", "disqualified", "over_quota", "deleted");

  /** Columns that count responses. */
  static final List<String> COLUMNS =
      Stream.concat(
              STATUSES.stream(), IntStream.rangeClosed(0, 10).mapToObj(score -> "nps_" + score))
          .toList();

  private static final int NO_NPS = -1;

  /** Parameters of one statement. */
  private static final int AT_ONCE = 500;

  private static final String NEWEST =
      "WITH asked(subject) AS (VALUES %s) SELECT e.subject, e.provider, e.survey_id, e.status, e.nps,"
          + " e.event_time, e.id, e.first_at FROM event e WHERE e.id IN (SELECT (SELECT n.id FROM"
          + " event n WHERE n.subject = a.subject AND n.status IS NOT NULL AND n.survey_id IS NOT"
          + " NULL ORDER BY n.event_time DESC, n.id DESC LIMIT 1) FROM asked a)";

  private static final String ADD =
      "INSERT INTO survey_count (span, provider, survey_id, bucket, shard, last_at, title, "
          + String.join(", ", COLUMNS)
          + ") VALUES ("
          + InboxStore.placeholders(7 + COLUMNS.size())
          + ") ON CONFLICT (span, provider, survey_id, bucket, shard) DO UPDATE SET last_at = CASE"
          + " WHEN excluded.last_at > survey_count.last_at THEN excluded.last_at ELSE"
          + " survey_count.last_at END, title = COALESCE(excluded.title, survey_count.title), "
          + COLUMNS.stream()
              .map(column -> "%1$s = survey_count.%1$s + excluded.%1$s".formatted(column))
              .collect(Collectors.joining(", "));

  /** As its newest event has it. */
  private record Response(
      String provider, String survey, String status, int nps, long time, long event, long firstAt) {

    static Response of(NewEvent event, long firstAt) {
      var nps = event.facts().nps();
      return new Response(
          event.provider(),
          Objects.requireNonNull(event.surveyId()),
          Objects.requireNonNull(event.facts().status()),
          nps == null ? NO_NPS : nps,
          event.time().toEpochMilli(),
          event.id(),
          firstAt);
    }

    static Response newest(Response one, Response other) {
      var newer = Long.compare(other.time, one.time);
      return newer > 0 || newer == 0 && other.event > one.event ? other : one;
    }
  }

  /**
   * Responses that a group is about, as they are before it.
   *
   * @param subjects keys of these responses
   * @param firstAt when the first event of each was kept, or will have been
   */
  record Known(
      Collection<String> subjects, Map<String, Response> responses, Map<String, Long> firstAt) {

    /** Null for an event that is about no response. */
    @Nullable Long firstAt(NewEvent event) {
      return isCounted(event) ? firstAt.get(event.subject()) : null;
    }
  }

  private record Key(String span, String provider, String survey, long bucket)
      implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::span)
            .thenComparing(Key::provider)
            .thenComparing(Key::survey)
            .thenComparing(Key::bucket);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** What is added to one row; for one thread. */
  private static final class Sum {

    private final long[] counts = new long[COLUMNS.size()];
    private long lastAt;
    private @Nullable String title;

    void add(Response response, int by) {
      var isDeleted = response.status.equals("deleted");
      counts[STATUSES.indexOf(response.status)] += by;
      if (!isDeleted && response.nps != NO_NPS) {
        counts[STATUSES.size() + response.nps] += by;
      }
    }

    void see(long at, @Nullable String called) {
      lastAt = Math.max(lastAt, at);
      title = called == null ? title : called;
    }

    boolean isNothing() {
      return lastAt == 0 && LongStream.of(counts).allMatch(count -> count == 0);
    }
  }

  private final Clock clock;
  private final int shard;

  /**
   * @param shard of {@link Counters}: gateways do not wait for each other's rows
   */
  SurveyCounts(Clock clock, int shard) {
    this.clock = clock;
    this.shard = shard;
  }

  private static boolean isCounted(NewEvent event) {
    var status = event.facts().status();
    return status != null && STATUSES.contains(status) && event.surveyId() != null;
  }

  /** Before anything of the group is written. */
  Known known(JdbcTemplate jdbc, List<StepResult> group) {
    var subjects = new TreeSet<String>();
    Map<String, Long> firstAt = new HashMap<>();
    for (var step : group) {
      for (var event : step.events()) {
        if (isCounted(event)) {
          subjects.add(event.subject());
          firstAt.merge(event.subject(), event.createdAt().toEpochMilli(), Math::min);
        }
      }
      if (step.isAgain()) {
        subjects.addAll(formerSubjects(jdbc, step));
      }
    }
    var responses = read(jdbc, subjects);
    responses.forEach((subject, response) -> firstAt.put(subject, response.firstAt));
    return new Known(subjects, responses, firstAt);
  }

  /** Its events may be of other responses now. */
  private static List<String> formerSubjects(JdbcTemplate jdbc, StepResult step) {
    var former =
        new ArrayList<>(
            jdbc.queryForList(
                "SELECT DISTINCT subject FROM event WHERE request_id = ?",
                String.class,
                step.requestId()));
    for (var event : step.events()) {
      former.addAll(
          jdbc.queryForList(
              "SELECT subject FROM event WHERE provider = ? AND event_key = ?",
              String.class,
              event.provider(),
              event.key()));
    }
    return former;
  }

  private static Map<String, Response> read(JdbcTemplate jdbc, Collection<String> subjects) {
    Map<String, Response> responses = new HashMap<>();
    var all = List.copyOf(subjects);
    for (var from = 0; from < all.size(); from += AT_ONCE) {
      var some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      jdbc.query(
          newest(some.size()),
          row -> {
            var nps = row.getObject(5);
            if (!STATUSES.contains(row.getString(4))) {
              return;
            }
            responses.put(
                row.getString(1),
                new Response(
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    nps == null ? NO_NPS : ((Number) nps).intValue(),
                    row.getLong(6),
                    row.getLong(7),
                    row.getLong(8)));
          },
          some.toArray());
    }
    return responses;
  }

  static String newest(int subjects) {
    return NEWEST.formatted(String.join(", ", Collections.nCopies(subjects, "(?)")));
  }

  /**
   * Once the group's events are written, as the last but the counters: all take these rows in one
   * order.
   *
   * @param group its steps, save those that wait
   * @param news those whose events were inserted
   * @param made rows that each of these events made
   */
  void add(
      JdbcTemplate jdbc, Known known, List<StepResult> group, List<StepResult> news, int[] made) {
    var sums = new TreeMap<Key, Sum>();
    Map<String, Response> after = new HashMap<>(known.responses);
    var next = 0;
    for (var step : news) {
      for (var event : step.events()) {
        if (made[next++] == 1 && isCounted(event)) {
          var response = Response.of(event, known.firstAt.get(event.subject()));
          after.merge(event.subject(), response, Response::newest);
          see(sums, event, event.createdAt().toEpochMilli());
        }
      }
    }
    var again = group.stream().filter(StepResult::isAgain).toList();
    if (!again.isEmpty()) {
      after = read(jdbc, known.subjects);
      again.stream()
          .flatMap(step -> step.events().stream())
          .filter(SurveyCounts::isCounted)
          .forEach(event -> see(sums, event, known.firstAt.get(event.subject())));
    }
    for (var subject : known.subjects) {
      var was = known.responses.get(subject);
      var is = after.get(subject);
      move(sums, was, -1);
      move(sums, is, 1);
    }
    write(jdbc, sums);
  }

  /** That there is such a survey, and what it is called. */
  private static void see(Map<Key, Sum> sums, NewEvent event, long at) {
    var survey = Objects.requireNonNull(event.surveyId());
    sum(sums, new Key(EVER, event.provider(), survey, 0)).see(at, event.facts().surveyTitle());
  }

  private static Sum sum(Map<Key, Sum> sums, Key key) {
    return sums.computeIfAbsent(key, added -> new Sum());
  }

  private void move(Map<Key, Sum> sums, @Nullable Response response, int by) {
    if (response == null) {
      return;
    }
    sum(sums, new Key(EVER, response.provider, response.survey, 0)).add(response, by);
    sum(sums, key(QUARTER, QUARTER_LENGTH, response)).add(response, by);
    if (response.firstAt >= clock.millis() - MINUTES.toMillis()) {
      sum(sums, key(MINUTE, MINUTE_LENGTH, response)).add(response, by);
    }
  }

  private static Key key(String span, long length, Response response) {
    return new Key(
        span,
        response.provider,
        response.survey,
        response.firstAt - Math.floorMod(response.firstAt, length));
  }

  private void write(JdbcTemplate jdbc, TreeMap<Key, Sum> sums) {
    sums.values().removeIf(Sum::isNothing);
    if (sums.isEmpty()) {
      return;
    }
    jdbc.batchUpdate(
        ADD,
        sums.entrySet(),
        sums.size(),
        (values, row) -> {
          var key = row.getKey();
          var sum = row.getValue();
          values.setString(1, key.span);
          values.setString(2, key.provider);
          values.setString(3, key.survey);
          values.setLong(4, key.bucket);
          values.setInt(5, shard);
          values.setLong(6, sum.lastAt);
          values.setString(7, sum.title);
          for (var i = 0; i < sum.counts.length; i++) {
            values.setLong(8 + i, sum.counts[i]);
          }
        });
  }
}
