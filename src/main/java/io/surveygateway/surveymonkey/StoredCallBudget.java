package io.surveygateway.surveymonkey;

import io.surveygateway.store.InboxStore;
import io.surveygateway.store.Store;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.surveymonkey.CallAccount.Second;
import io.surveygateway.surveymonkey.CallAccount.Told;
import io.surveygateway.surveymonkey.CallAccount.Wait;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The budget of calls in the store: one for all gateways that share it, and the same after a
 * restart.
 *
 * <p>Every call takes the one row of {@code surveymonkey_budget} first, and so one after the other.
 * It counts when it is given out, whether or not it is made: the limit is never passed, and a crash
 * in between costs a call. Gateways on one store need clocks that agree to a second or two.
 */
@Component
final class StoredCallBudget implements CallBudget {

  private static final Logger log = LoggerFactory.getLogger(StoredCallBudget.class);

  static final String PROVIDER = "surveymonkey";

  /** Where the API says no, and not how long. */
  private static final Duration REST = Duration.ofMinutes(1);

  /** Two dates that the API counted in seconds may be the same. */
  private static final long SAME = Duration.ofSeconds(2).toMillis();

  private static final Duration FETCHED_KEPT = Duration.ofDays(1);
  private static final int WOKEN_AT_A_TIME = 500;

  private final Store store;
  private final InboxStore inbox;
  private final Clock clock;
  private final CallSettings settings;

  StoredCallBudget(Store store, InboxStore inbox, Clock clock, CallSettings settings) {
    this.store = store;
    this.inbox = inbox;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public Turn turn(Asker asker) {
    return store.write(
        jdbc -> {
          var account = take(jdbc);
          var fetched = fetched(jdbc, asker);
          if (fetched != null) {
            leave(jdbc, asker);
            return new Turn(Kind.FETCHED, null, null, fetched);
          }
          var ahead =
              count(
                  jdbc,
                  "SELECT count(*) FROM surveymonkey_waiting WHERE request_id < ?",
                  asker.requestId());
          if (ahead >= account.room()) {
            lineUp(jdbc, asker, 0);
            var wait = account.waitFor(ahead);
            return new Turn(Kind.WAIT, wait.until(), wait.reason(), null);
          }
          spend(jdbc, account);
          if (isWorthAskingTogether(jdbc, asker)) {
            lineUp(jdbc, asker, 1);
            return Turn.of(Kind.TOGETHER);
          }
          leave(jdbc, asker);
          return Turn.of(Kind.ALONE);
        });
  }

  @Override
  public @Nullable Wait callBeside(int spare) {
    return store.write(
        jdbc -> {
          var account = take(jdbc);
          var waiting = count(jdbc, "SELECT count(*) FROM surveymonkey_waiting");
          var needed = spare == 0 ? 0 : waiting + spare;
          if (needed >= account.room()) {
            return account.waitFor(needed);
          }
          spend(jdbc, account);
          return null;
        });
  }

  private boolean isWorthAskingTogether(JdbcTemplate jdbc, Asker asker) {
    if (settings.together() == 0
        || count(
                jdbc,
                "SELECT count(*) FROM surveymonkey_waiting WHERE request_id = ? AND alone = 1",
                asker.requestId())
            > 0) {
      return false;
    }
    var others =
        count(
            jdbc,
            "SELECT count(DISTINCT response_id) FROM surveymonkey_waiting WHERE survey_id = ? AND"
                + " alone = 0 AND response_id <> ?",
            asker.surveyId(),
            asker.responseId());
    return others + 1 >= settings.together();
  }

  /** What came before the event did says nothing about it. */
  private static byte @Nullable [] fetched(JdbcTemplate jdbc, Asker asker) {
    return jdbc
        .query(
            "SELECT document FROM surveymonkey_fetched WHERE response_id = ? AND fetched_at >= ?",
            (row, n) -> row.getBytes(1),
            asker.responseId(),
            asker.receivedAt().toEpochMilli())
        .stream()
        .findFirst()
        .orElse(null);
  }

  private static void lineUp(JdbcTemplate jdbc, Asker asker, int alone) {
    jdbc.update(
        "INSERT INTO surveymonkey_waiting (request_id, survey_id, response_id, alone) VALUES (?, ?,"
            + " ?, ?) ON CONFLICT (request_id) DO UPDATE SET alone = CASE WHEN excluded.alone = 1"
            + " THEN 1 ELSE surveymonkey_waiting.alone END",
        asker.requestId(),
        asker.surveyId(),
        asker.responseId(),
        alone);
  }

  /** The last one that waits for a response takes it along. */
  private static void leave(JdbcTemplate jdbc, Asker asker) {
    jdbc.update("DELETE FROM surveymonkey_waiting WHERE request_id = ?", asker.requestId());
    jdbc.update(
        "DELETE FROM surveymonkey_fetched WHERE response_id = ? AND NOT EXISTS (SELECT 1 FROM"
            + " surveymonkey_waiting w WHERE w.survey_id = ? AND w.response_id = ?)",
        asker.responseId(),
        asker.surveyId(),
        asker.responseId());
  }

  /** Reads the account, and holds it until this transaction ends. */
  private CallAccount take(JdbcTemplate jdbc) {
    var now = clock.millis();
    var midnight =
        clock.instant().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS).toEpochMilli();
    var account =
        jdbc.queryForObject(
            "UPDATE surveymonkey_budget SET day_used = CASE WHEN day_ends <= ? THEN 0 ELSE day_used"
                + " END, day_ends = CASE WHEN day_ends <= ? THEN ? ELSE day_ends END WHERE id = 1"
                + " RETURNING day_used, day_ends, told_minute_left, told_minute_until, told_day_left,"
                + " told_day_until, not_before",
            (row, n) ->
                new CallAccount(
                    settings,
                    now,
                    List.of(),
                    row.getInt(1),
                    row.getLong(2),
                    new Told(row.getInt(3), row.getLong(4)),
                    new Told(row.getInt(5), row.getLong(6)),
                    row.getLong(7)),
            now,
            now,
            midnight);
    jdbc.update("DELETE FROM surveymonkey_call WHERE second <= ?", oldest(now));
    return account.withCalls(calls(jdbc, now));
  }

  private static List<Second> calls(JdbcTemplate jdbc, long now) {
    return jdbc.query(
        "SELECT second, calls FROM surveymonkey_call WHERE second > ? ORDER BY second",
        (row, n) -> new Second(row.getLong(1), row.getInt(2)),
        oldest(now));
  }

  private static long oldest(long now) {
    return Math.floorDiv(now, 1000L) - CallAccount.SECONDS_COUNTED;
  }

  private static void spend(JdbcTemplate jdbc, CallAccount account) {
    jdbc.update(
        "INSERT INTO surveymonkey_call (second, calls) VALUES (?, 1) ON CONFLICT (second) DO UPDATE"
            + " SET calls = surveymonkey_call.calls + 1",
        Math.floorDiv(account.now(), 1000L));
    jdbc.update(
        "UPDATE surveymonkey_budget SET day_used = day_used + 1, told_minute_left ="
            + " told_minute_left - 1, told_day_left = told_day_left - 1 WHERE id = 1");
  }

  @Override
  public void heard(int status, Map<String, String> headers) {
    var limits = RateLimitHeaders.of(headers);
    var rest = rest(status, limits);
    if (limits.isSilent() && rest == null) {
      return;
    }
    try {
      store.write(
          jdbc -> {
            var account = take(jdbc);
            var now = account.now();
            var minute = told(account.toldMinute(), limits.minuteLeft(), limits.minuteReset(), now);
            var day = told(account.toldDay(), limits.dayLeft(), limits.dayReset(), now);
            return jdbc.update(
                "UPDATE surveymonkey_budget SET told_minute_left = ?, told_minute_until = ?,"
                    + " told_day_left = ?, told_day_until = ?, not_before = ? WHERE id = 1",
                minute.left(),
                minute.until(),
                day.left(),
                day.until(),
                Math.max(account.notBefore(), rest == null ? 0 : now + rest.toMillis()));
          });
    } catch (StoreUnavailableException e) {
      // Our own count stands, and the next answer says it again.
      log.warn("What SurveyMonkey's API said of its limits was not kept: {}", e.getMessage());
    }
  }

  private static @Nullable Duration rest(int status, RateLimitHeaders limits) {
    if (status == 429) {
      return limits.waitAfterRefusal() == null ? REST : limits.waitAfterRefusal();
    }
    return status >= 400 ? limits.retryAfter() : null;
  }

  /**
   * An answer that was under way while others were asked for knows of more than is left: within one
   * span the least counts.
   */
  private static Told told(Told known, @Nullable Integer left, @Nullable Duration reset, long now) {
    if (left == null || reset == null) {
      return known;
    }
    var until = now + reset.toMillis() + 1000;
    var isSameSpan = !known.isOver(now) && until <= known.until() + SAME;
    return isSameSpan
        ? new Told(Math.min(known.left(), left), known.until())
        : new Told(left, until);
  }

  @Override
  public void keep(Asker asker, boolean hasOwn, Map<String, byte[]> responses) {
    var woken = new ArrayList<Long>();
    store.write(
        jdbc -> {
          woken.clear();
          take(jdbc);
          for (var response : responses.entrySet()) {
            var waiting = waitingFor(jdbc, asker, response.getKey());
            if (!waiting.isEmpty()) {
              keep(jdbc, response.getKey(), response.getValue());
              woken.addAll(waiting);
            }
          }
          if (hasOwn) {
            leave(jdbc, asker);
          }
          if (woken.isEmpty()) {
            askAlone(jdbc, asker.surveyId());
          }
          return null;
        });
    inbox.wake(PROVIDER, woken);
  }

  /** It brought nobody anything: it would do no better for the next of those who wait. */
  private static void askAlone(JdbcTemplate jdbc, String surveyId) {
    jdbc.update("UPDATE surveymonkey_waiting SET alone = 1 WHERE survey_id = ?", surveyId);
  }

  /** Keeps a response for an event that is about to be taken in. */
  void keep(String responseId, byte[] document) {
    store.write(
        jdbc -> {
          keep(jdbc, responseId, document);
          return null;
        });
  }

  private static List<Long> waitingFor(JdbcTemplate jdbc, Asker asker, String responseId) {
    return jdbc.queryForList(
        "SELECT request_id FROM surveymonkey_waiting WHERE survey_id = ? AND response_id = ? AND"
            + " request_id <> ?",
        Long.class,
        asker.surveyId(),
        responseId,
        asker.requestId());
  }

  private void keep(JdbcTemplate jdbc, String responseId, byte[] document) {
    jdbc.update(
        "INSERT INTO surveymonkey_fetched (response_id, fetched_at, document) VALUES (?, ?, ?) ON"
            + " CONFLICT (response_id) DO UPDATE SET fetched_at = excluded.fetched_at, document ="
            + " excluded.document",
        responseId,
        clock.millis(),
        document);
  }

  /** Those who wait by other limits than are set now get dates by these. */
  @EventListener(ApplicationReadyEvent.class)
  void startAnew() {
    try {
      var changed =
          store.write(
              jdbc ->
                  jdbc.update(
                      "UPDATE surveymonkey_budget SET per_minute = ?, per_day = ? WHERE id = 1 AND"
                          + " (per_minute <> ? OR per_day <> ?)",
                      settings.perMinute(),
                      settings.perDay(),
                      settings.perMinute(),
                      settings.perDay()));
      tidy();
      if (changed > 0) {
        wakeAll();
      }
    } catch (StoreUnavailableException e) {
      log.warn("Waiting events of SurveyMonkey keep their dates: {}", e.getMessage());
    }
  }

  private void wakeAll() {
    var waiting =
        store.read(
            jdbc ->
                jdbc.queryForList(
                    "SELECT request_id FROM surveymonkey_waiting ORDER BY request_id", Long.class));
    for (var from = 0; from < waiting.size(); from += WOKEN_AT_A_TIME) {
      inbox.wake(PROVIDER, waiting.subList(from, Math.min(waiting.size(), from + WOKEN_AT_A_TIME)));
    }
  }

  /**
   * Forgets who does not wait any more (parked, or cancelled by a person), and what nobody took.
   */
  void tidy() {
    store.write(
        jdbc -> {
          jdbc.update(
              "DELETE FROM surveymonkey_waiting WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE"
                  + " i.request_id = surveymonkey_waiting.request_id AND i.state IN ('waiting',"
                  + " 'retrying'))");
          return jdbc.update(
              "DELETE FROM surveymonkey_fetched WHERE fetched_at < ?",
              clock.instant().minus(FETCHED_KEPT).toEpochMilli());
        });
  }

  /** The account as it stands; changes nothing. */
  CallAccount account() {
    var now = clock.millis();
    return store.read(
        jdbc ->
            jdbc.queryForObject(
                    "SELECT day_used, day_ends, told_minute_left, told_minute_until, told_day_left,"
                        + " told_day_until, not_before FROM surveymonkey_budget WHERE id = 1",
                    (row, n) ->
                        new CallAccount(
                            settings,
                            now,
                            List.of(),
                            row.getLong(2) <= now ? 0 : row.getInt(1),
                            row.getLong(2),
                            new Told(row.getInt(3), row.getLong(4)),
                            new Told(row.getInt(5), row.getLong(6)),
                            row.getLong(7)))
                .withCalls(calls(jdbc, now)));
  }

  /** Inbox items that wait for a call. */
  int waiting() {
    return store.read(jdbc -> count(jdbc, "SELECT count(*) FROM surveymonkey_waiting"));
  }

  private static int count(JdbcTemplate jdbc, String sql, Object... parameters) {
    return jdbc.queryForObject(sql, Integer.class, parameters);
  }
}
