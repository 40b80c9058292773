package io.surveygateway.surveymonkey;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of SurveyMonkey's API says of its limits; null for what it does not say.
 *
 * <p>Source: SurveyMonkey API v3, "Request and Response Limits": {@code
 * X-Ratelimit-App-Global-{Minute,Day}-{Limit,Remaining,Reset}}, a reset being the seconds until
 * then.
 *
 * @param minuteLeft calls
 * @param dayLeft calls
 */
record RateLimitHeaders(
    @Nullable Integer minuteLeft,
    @Nullable Duration minuteReset,
    @Nullable Integer dayLeft,
    @Nullable Duration dayReset,
    @Nullable Duration retryAfter) {

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,6}");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

  /** A day's quota is full again after a day at most. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private static final String QUOTA = "X-Ratelimit-App-Global-";

  /**
   * @param headers by their names, in whatever case; null for none
   */
  static RateLimitHeaders of(@Nullable Map<String, String> headers) {
    return new RateLimitHeaders(
        number(headers, QUOTA + "Minute-Remaining"),
        seconds(headers, QUOTA + "Minute-Reset"),
        number(headers, QUOTA + "Day-Remaining"),
        seconds(headers, QUOTA + "Day-Reset"),
        seconds(headers, "Retry-After"));
  }

  /** Whether it says nothing of what is left. */
  boolean isSilent() {
    return minuteLeft == null && dayLeft == null;
  }

  /** The day's quota counts while it is used up: the minute's is full again long before. */
  @Nullable Duration waitAfterRefusal() {
    if (dayReset != null && dayLeft != null && dayLeft <= 0) {
      return dayReset;
    }
    if (minuteReset != null) {
      return minuteReset;
    }
    return retryAfter != null ? retryAfter : dayReset;
  }

  private static @Nullable Integer number(@Nullable Map<String, String> headers, String name) {
    var value = header(headers, name);
    return value == null || !NUMBER.matcher(value).matches() ? null : Integer.valueOf(value);
  }

  private static @Nullable Duration seconds(@Nullable Map<String, String> headers, String name) {
    var value = header(headers, name);
    if (value == null || !SECONDS.matcher(value).matches()) {
      return null;
    }
    var wait = Duration.ofSeconds(Long.parseLong(value));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private static @Nullable String header(@Nullable Map<String, String> headers, String name) {
    if (headers == null) {
      return null;
    }
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(header -> header.getValue().strip())
        .findFirst()
        .orElse(null);
  }
}
