package io.surveygateway.surveymonkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.surveymonkey.CallAccount.Second;
import io.surveygateway.surveymonkey.CallAccount.Told;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dates of a line of events, by what was used and what the API said. */
class CallAccountTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:30Z");
  private static final Instant MIDNIGHT = Instant.parse("2026-03-03T00:00:00Z");
  private static final Told NOTHING = new Told(0, 0);
  private static final CallSettings SETTINGS = new CallSettings(10, 25, 0);

  private static CallAccount account(
      int usedToday, Told minute, Told day, Instant notBefore, Second... calls) {
    return new CallAccount(
        SETTINGS,
        NOW.toEpochMilli(),
        List.of(calls),
        usedToday,
        MIDNIGHT.toEpochMilli(),
        minute,
        day,
        notBefore.toEpochMilli());
  }

  private static Second calls(int secondsAgo, int number) {
    return new Second(NOW.getEpochSecond() - secondsAgo, number);
  }

  private static Told told(int left, int seconds) {
    return new Told(left, NOW.plusSeconds(seconds).toEpochMilli());
  }

  @Test
  void countsTheCallsOfTheLastMinuteAndOfTheDay() {
    assertThat(account(0, NOTHING, NOTHING, NOW).room()).isEqualTo(10);
    assertThat(account(4, NOTHING, NOTHING, NOW, calls(50, 3), calls(0, 1)).room()).isEqualTo(6);
    assertThat(account(23, NOTHING, NOTHING, NOW).room()).isEqualTo(2);
    assertThat(account(25, NOTHING, NOTHING, NOW).room()).isZero();
  }

  @Test
  void takesWhatTheApiSaysWhereItIsLess() {
    assertThat(account(0, told(3, 20), NOTHING, NOW).room()).isEqualTo(3);
    assertThat(account(0, told(30, 20), NOTHING, NOW).room()).isEqualTo(10);
    assertThat(account(0, told(0, -1), NOTHING, NOW).room()).isEqualTo(10);
    assertThat(account(0, NOTHING, told(1, 3600), NOW).room()).isEqualTo(1);
    assertThat(account(0, NOTHING, told(-2, 3600), NOW).room()).isZero();
    assertThat(account(0, NOTHING, NOTHING, NOW.plusSeconds(5)).room()).isZero();
  }

  @Test
  void givesEachInTheLineAMinuteThatHasRoom() {
    var account = account(10, NOTHING, NOTHING, NOW, calls(50, 4), calls(20, 6));

    // A call counts for 61 seconds: its second is not told apart.
    assertThat(account.waitFor(0).until()).isEqualTo(NOW.plusSeconds(11));
    assertThat(account.waitFor(3).until()).isEqualTo(NOW.plusSeconds(11));
    assertThat(account.waitFor(4).until()).isEqualTo(NOW.plusSeconds(41));
    assertThat(account.waitFor(10).until()).isEqualTo(NOW.plusSeconds(11 + 61));
    assertThat(account.waitFor(0).reason())
        .isEqualTo("waiting for the minute's budget until 2026-03-02T09:00:41Z");
  }

  @Test
  void letsThoseForWhomTheDayIsTooShortWaitForAnother() {
    var account = account(20, NOTHING, NOTHING, NOW, calls(0, 10));

    assertThat(account.waitFor(4).until()).isEqualTo(NOW.plusSeconds(61));
    assertThat(account.waitFor(5).until()).isEqualTo(MIDNIGHT);
    assertThat(account.waitFor(14).until()).isEqualTo(MIDNIGHT);
    assertThat(account.waitFor(15).until()).isEqualTo(MIDNIGHT.plusSeconds(61));
    assertThat(account.waitFor(30).until()).isEqualTo(MIDNIGHT.plusSeconds(86_400));
    assertThat(account.waitFor(5).reason())
        .isEqualTo("waiting for the daily budget until 2026-03-03T00:00:00Z");
  }

  @Test
  void waitsAsLongAsTheApiSays() {
    var left = account(0, NOTHING, told(0, 7200), NOW);
    assertThat(left.waitFor(0).until()).isEqualTo(NOW.plusSeconds(7200));

    var minute = account(0, told(0, 17), NOTHING, NOW);
    assertThat(minute.waitFor(0).until()).isEqualTo(NOW.plusSeconds(17));

    var asked = account(0, NOTHING, NOTHING, NOW.plusSeconds(90));
    assertThat(asked.waitFor(0).until()).isEqualTo(NOW.plusSeconds(90));
    assertThat(asked.waitFor(0).reason())
        .isEqualTo("waiting until 2026-03-02T09:02:00Z, as SurveyMonkey's API asked");
  }
}
