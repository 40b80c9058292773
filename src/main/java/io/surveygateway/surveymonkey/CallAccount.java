package io.surveygateway.surveymonkey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is left of the calls to SurveyMonkey's API at one moment, and when there is more.
 *
 * <p>The minute is any 60 seconds, wherever the API's own minute begins; the day ends at midnight
 * UTC. What the API says is left counts where it is less. Times are milliseconds since 1970.
 *
 * @param calls of the last minute, the oldest second first
 * @param usedToday calls of the day that ends at {@code dayEnds}
 * @param toldMinute what the API said is left of its minute
 * @param toldDay what the API said is left of its day
 * @param notBefore the API asked to be left alone until then
 */
public record CallAccount(
    CallSettings settings,
    long now,
    List<Second> calls,
    int usedToday,
    long dayEnds,
    Told toldMinute,
    Told toldDay,
    long notBefore) {

  /** A call leaves the minute when its whole second lies 60 seconds back. */
  static final long SECONDS_COUNTED = 61;

  private static final long ROUND = Duration.ofSeconds(SECONDS_COUNTED).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();

  /** Calls made in one second since 1970. */
  public record Second(long second, int calls) {}

  /** So many calls are left until then. */
  public record Told(int left, long until) {

    boolean isOver(long now) {
      return until <= now;
    }
  }

  /** A date to come back at, and why not sooner. */
  public record Wait(Instant until, String reason) {}

  CallAccount withCalls(List<Second> others) {
    return new CallAccount(
        settings, now, others, usedToday, dayEnds, toldMinute, toldDay, notBefore);
  }

  /** Calls that may be made now. */
  int room() {
    if (notBefore > now) {
      return 0;
    }
    var minute = Math.min(ownMinute(), toldMinute.isOver(now) ? ownMinute() : toldMinute.left());
    return Math.max(0, Math.min(minute, dayRoom()));
  }

  /** Calls that may still be made before the day ends. */
  int dayRoom() {
    var own = settings.perDay() - usedToday;
    return Math.max(0, toldDay.isOver(now) ? own : Math.min(own, toldDay.left()));
  }

  /**
   * When a call can be had, where there is no room for it now.
   *
   * @param ahead how many wait for theirs before it
   */
  Wait waitFor(int ahead) {
    var today = dayRoom();
    if (ahead >= today) {
      var later = ahead - today;
      var date =
          Math.max(nextDay(), notBefore)
              + later / settings.perDay() * DAY
              + later % settings.perDay() / settings.perMinute() * ROUND;
      return wait("waiting for the daily budget until %s", date);
    }
    if (notBefore > now) {
      return wait(
          "waiting until %s, as SurveyMonkey's API asked",
          notBefore + ahead / settings.perMinute() * ROUND);
    }
    var date = slot(ahead % settings.perMinute()) + (long) (ahead / settings.perMinute()) * ROUND;
    return wait("waiting for the minute's budget until %s", date);
  }

  private static Wait wait(String reason, long date) {
    var until = Instant.ofEpochMilli(date);
    return new Wait(until, reason.formatted(until));
  }

  private int ownMinute() {
    return settings.perMinute() - calls.stream().mapToInt(Second::calls).sum();
  }

  private long nextDay() {
    var isTold = !toldDay.isOver(now) && toldDay.left() < settings.perDay() - usedToday;
    return isTold ? toldDay.until() : dayEnds;
  }

  /** When the minute has room for one more call after so many others. */
  private long slot(int ahead) {
    var told = !toldMinute.isOver(now) && ahead >= toldMinute.left() ? toldMinute.until() : now;
    var missing = ahead - ownMinute() + 1;
    for (var second : calls) {
      if (missing <= 0) {
        break;
      }
      missing -= second.calls();
      told = Math.max(told, (second.second() + SECONDS_COUNTED) * 1000);
    }
    return told;
  }
}
