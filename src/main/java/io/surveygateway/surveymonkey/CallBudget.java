package io.surveygateway.surveymonkey;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the calls to SurveyMonkey's API, of which there are few.
 *
 * <p>Safe for use by many threads.
 */
public interface CallBudget {

  /** What an event that lacks its answers is to do. */
  enum Kind {
    /** Ask for its response. */
    ALONE,
    /** Ask for its response together with those that wait for the same survey. */
    TOGETHER,
    /** Nothing: its response came together with another one. */
    FETCHED,
    /** Come back later. */
    WAIT;

    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * An event that lacks its answers.
   *
   * @param requestId its inbox item
   * @param receivedAt when the gateway took it in
   */
  record Asker(long requestId, String surveyId, String responseId, Instant receivedAt) {}

  /**
   * What {@code kind} says, and what belongs to it.
   *
   * @param until when to come back, to wait
   * @param reason why, for a person, to wait
   * @param response as the API gave it, where it was fetched
   */
  record Turn(
      Kind kind, @Nullable Instant until, @Nullable String reason, byte @Nullable [] response) {

    public static Turn of(Kind kind) {
      return new Turn(kind, null, null, null);
    }
  }

  /**
   * Counts one call for the event, or says why there is none. In the order of arrival: whoever came
   * first has the first call.
   */
  Turn turn(Asker asker);

  /**
   * Counts one call for something else than an event.
   *
   * @param spare calls that have to be left after it, for events; where any event waits there is
   *     none
   * @return null if the call may be made, or when to come back
   */
  CallAccount.@Nullable Wait callBeside(int spare);

  /**
   * The API has answered: what it says of its limits is kept.
   *
   * @param headers by their names as sent
   */
  void heard(int status, Map<String, String> headers);

  /**
   * Keeps responses that came together, for the events that wait for them, and lets those come.
   *
   * @param asker whose call it was
   * @param hasOwn whether its own response was among them
   * @param responses by their ids, as JSON in ASCII
   */
  void keep(Asker asker, boolean hasOwn, Map<String, byte[]> responses);
}
