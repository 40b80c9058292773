package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Surveys, by what is counted of their responses ({@link SurveyCounts}) and by the newest of their
 * events. Nothing here goes through all events of a survey. Safe for use by many threads.
 */
public final class SurveyReads {

  /** Events whose way is looked at. */
  public static final int MOST_TIMED = 500;

  /** Responses whose answers are looked at. */
  public static final int MOST_READ = 100;

  /** Characters of them, unless the first alone is longer. */
  private static final long MOST_CHARACTERS = 2_000_000;

  /**
   * A survey of which a response came.
   *
   * @param responses that ever came, and were not deleted since
   * @param lastAt when the newest event of any of them was kept
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Survey(
      String provider, String id, @Nullable String title, long responses, Instant lastAt) {

    private Survey and(Survey shard) {
      var isNewer = shard.lastAt.isAfter(lastAt);
      var newer = isNewer ? shard.title : title;
      return new Survey(
          provider,
          id,
          newer != null ? newer : isNewer ? title : shard.title,
          responses + shard.responses,
          isNewer ? shard.lastAt : lastAt);
    }

    /** Where a list goes on behind this one. */
    public Key key() {
      return new Key(provider, id);
    }
  }

  /** Which survey it is. */
  public record Key(String provider, String survey) {}

  /**
   * Responses whose first event was kept in one span of time.
   *
   * @param nps how many said 0, 1, … 10, of those that are not deleted
   */
  public record Count(
      Instant start,
      long completed,
      long partial,
      long disqualified,
      long overQuota,
      long deleted,
      List<Long> nps) {}

  /** The newest event of a response. */
  public record Newest(long id, String subject) {}

  private static final String EVER =
      "SELECT provider, survey_id, completed + partial + disqualified + over_quota AS responses,"
          + " last_at, title FROM survey_count WHERE span = 'ever'";

  private static final String IN_ORDER =
      " ORDER BY span, provider, survey_id, bucket, shard LIMIT ?";

  static final String LIST = EVER + " AND (provider, survey_id) > (?, ?)" + IN_ORDER;

  static final String LIST_OF_ONE =
      EVER + " AND provider = ? AND (provider, survey_id) > (?, ?)" + IN_ORDER;

  static final String COUNTS =
      "SELECT bucket - bucket % ? AS start_at, "
          + SurveyCounts.COLUMNS.stream()
              .map(column -> "SUM(" + column + ")")
              .collect(Collectors.joining(", "))
          + " FROM survey_count WHERE span = ? AND provider = ? AND survey_id = ? AND bucket >= ?"
          + " GROUP BY start_at ORDER BY start_at";

  private static final String EVENTS =
      "(SELECT t.id, t.request_id, t.provider, t.subject, t.created_at FROM event t WHERE"
          + " t.survey_id = ? AND t.created_at >= ? ORDER BY t.created_at DESC, t.id DESC LIMIT ?) newest";

  static final String TIMES =
      "SELECT d.destination, d.finished_at - r.received_at FROM "
          + EVENTS
          + " JOIN delivery d ON d.event_id = newest.id JOIN request r ON r.id = newest.request_id WHERE"
          + " newest.provider = ? AND d.state = 'delivered' AND d.restarted_at IS NULL";

  static final String NEWEST =
      "SELECT newest.id, newest.subject FROM "
          + EVENTS
          + " WHERE newest.provider = ? ORDER BY newest.created_at DESC, newest.id DESC";

  private final Store store;

  SurveyReads(Store store) {
    this.store = store;
  }

  /**
   * By provider, then by id.
   *
   * @param provider of all that are listed, or null for any
   * @param after the last one of the page before, or null
   * @param limit of surveys; one more is read, so that it is known whether there are more
   * @return one more than the limit where there are more
   */
  public List<Survey> list(@Nullable String provider, @Nullable Key after, int limit) {
    var from = after == null ? new Key("", "") : after;
    var rows = (limit + 1) * Counters.SHARDS;
    var found =
        store.read(
            jdbc ->
                provider == null
                    ? jdbc.query(LIST, (row, n) -> survey(row), from.provider, from.survey, rows)
                    : jdbc.query(
                        LIST_OF_ONE,
                        (row, n) -> survey(row),
                        provider,
                        from.provider,
                        from.survey,
                        rows));
    // Rows enough for all shards of so many.
    var surveys = List.copyOf(summed(found).values());
    return surveys.subList(0, Math.min(surveys.size(), limit + 1));
  }

  public Optional<Survey> find(String provider, String survey) {
    return store
        .read(
            jdbc ->
                summed(
                    jdbc.query(
                        EVER + " AND provider = ? AND survey_id = ?",
                        (row, n) -> survey(row),
                        provider,
                        survey)))
        .values()
        .stream()
        .findFirst();
  }

  private static Map<Key, Survey> summed(List<Survey> rows) {
    Map<Key, Survey> surveys = new LinkedHashMap<>();
    rows.forEach(row -> surveys.merge(row.key(), row, Survey::and));
    return surveys;
  }

  private static Survey survey(ResultSet row) throws SQLException {
    return new Survey(
        row.getString("provider"),
        row.getString("survey_id"),
        row.getString("title"),
        row.getLong("responses"),
        Lists.instant(row, "last_at"));
  }

  /**
   * Responses that came first since then, deleted ones too.
   *
   * @param part length of the spans that they are summed up by: of minutes, then of the last two
   *     hours at most; or of quarters of an hour
   */
  public List<Count> counts(Key survey, Duration part, Instant since) {
    var span =
        part.toMillis() % SurveyCounts.QUARTER_LENGTH == 0
            ? SurveyCounts.QUARTER
            : SurveyCounts.MINUTE;
    return store.read(
        jdbc ->
            jdbc.query(
                COUNTS,
                (row, n) -> count(row),
                part.toMillis(),
                span,
                survey.provider,
                survey.survey,
                since.toEpochMilli()));
  }

  private static Count count(ResultSet row) throws SQLException {
    var nps = new ArrayList<Long>();
    for (var score = 0; score <= 10; score++) {
      nps.add(row.getLong(7 + score));
    }
    return new Count(
        Instant.ofEpochMilli(row.getLong(1)),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        nps);
  }

  /**
   * How long events took from their request's arrival to each destination, by destination.
   *
   * <p>Of the newest {@value #MOST_TIMED} kept since then: those that arrived, whose request is
   * kept still, and that nobody had sent again.
   */
  public Map<String, List<Duration>> times(Key survey, Instant since) {
    return store.read(
        jdbc -> {
          Map<String, List<Duration>> times = new LinkedHashMap<>();
          jdbc.query(
              TIMES,
              row -> {
                times
                    .computeIfAbsent(row.getString(1), destination -> new ArrayList<>())
                    .add(Duration.ofMillis(Math.max(0, row.getLong(2))));
              },
              survey.survey,
              since.toEpochMilli(),
              MOST_TIMED,
              survey.provider);
          return times;
        });
  }

  /**
   * The newest events, one of each response: at most {@value #MOST_READ}, and fewer where they are
   * long.
   */
  public List<Newest> newest(Key survey, Instant since) {
    return store.read(
        jdbc -> {
          var subjects = new HashSet<String>();
          var newest =
              jdbc
                  .query(
                      NEWEST,
                      (row, n) -> new Newest(row.getLong(1), row.getString(2)),
                      survey.survey,
                      since.toEpochMilli(),
                      MOST_READ,
                      survey.provider)
                  .stream()
                  .filter(event -> subjects.add(event.subject))
                  .toList();
          return withinMemory(jdbc, newest);
        });
  }

  private static List<Newest> withinMemory(JdbcTemplate jdbc, List<Newest> newest) {
    Map<Long, Long> lengths = new HashMap<>();
    if (!newest.isEmpty()) {
      jdbc.query(
          "SELECT id, length(document) FROM event WHERE id IN ("
              + InboxStore.placeholders(newest.size())
              + ")",
          row -> {
            lengths.put(row.getLong(1), row.getLong(2));
          },
          newest.stream().map(Newest::id).toArray());
    }
    long sum = 0;
    for (var i = 0; i < newest.size(); i++) {
      sum += lengths.getOrDefault(newest.get(i).id, 0L);
      if (i > 0 && sum > MOST_CHARACTERS) {
        return newest.subList(0, i);
      }
    }
    return newest;
  }
}
