package io.surveygateway.trial;

import io.surveygateway.inbox.KeptHeaders;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to be tried.
 *
 * @param requestId of a stored request, which a mapping may make an event's id of; {@link
 *     #NOT_STORED}
 * @param provider as in its path
 * @param body as it came
 * @param contentType as the sender said, or null
 * @param path after the provider, without slashes round it
 * @param headers those that the provider's route keeps, by their names as the route spells them
 * @param receivedAt when it came, or null for now
 * @param answers where the answers come from that a thin event leaves out
 * @param fetched what the provider's API answers, where {@code answers} is GIVEN
 * @param mapping jq that takes the place of the provider's file for this once, or null
 */
public record Trial(
    long requestId,
    String provider,
    byte[] body,
    @Nullable String contentType,
    String path,
    Map<String, String> headers,
    @Nullable Instant receivedAt,
    Answers answers,
    byte @Nullable [] fetched,
    @Nullable String mapping) {

  /** Id of a request that is none. */
  public static final long NOT_STORED = 1;

  /** Headers that a route may keep. */
  public static final int MOST_HEADERS = KeptHeaders.MOST;

  /** Headers as the store has them. */
  public static Map<String, String> headersOf(@Nullable String stored) {
    return KeptHeaders.fromStore(stored);
  }

  /** Where answers come from that an event leaves out. */
  public enum Answers {
    /** Nowhere: the call that would be made is named, and the event goes on without. */
    NONE,
    /** From whoever tries. */
    GIVEN,
    /** From the provider's API, at the cost of a call. */
    FETCHED
  }
}
