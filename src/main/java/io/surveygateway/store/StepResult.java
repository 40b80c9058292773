package io.surveygateway.store;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that one map step made of one inbox item: written in one transaction, or not at all.
 *
 * @param requestId the inbox item
 * @param provider whose it is
 * @param outcome what becomes of the item
 * @param isAgain whether a person had it mapped again: its events replace those that it made before
 */
public record StepResult(
    long requestId,
    String provider,
    Work outcome,
    List<NewEvent> events,
    List<NewDelivery> deliveries,
    List<SetAside> setAside,
    boolean isAgain) {

  /** Of a request that is mapped for the first time, or tried again. */
  public StepResult(
      long requestId,
      String provider,
      Work outcome,
      List<NewEvent> events,
      List<NewDelivery> deliveries,
      List<SetAside> setAside) {
    this(requestId, provider, outcome, events, deliveries, setAside, false);
  }

  /**
   * A canonical event.
   *
   * @param key the event's own id at its provider
   * @param document the CloudEvents envelope as JSON text
   * @param email of the respondent, to be found by, or null
   * @param facts what else it is found and counted by
   */
  public record NewEvent(
      long id,
      String provider,
      String key,
      long requestId,
      String type,
      String subject,
      @Nullable String surveyId,
      Instant time,
      Instant createdAt,
      String document,
      @Nullable String email,
      Facts facts) {

    private static final int LONGEST_EMAIL = 320;

    public NewEvent {
      email = email == null ? null : searchable(email);
    }

    /** Of nobody who gave an address, and counted with no survey. */
    public NewEvent(
        long id,
        String provider,
        String key,
        long requestId,
        String type,
        String subject,
        @Nullable String surveyId,
        Instant time,
        Instant createdAt,
        String document) {
      this(
          id,
          provider,
          key,
          requestId,
          type,
          subject,
          surveyId,
          time,
          createdAt,
          document,
          null,
          Facts.NONE);
    }

    /**
     * As the store holds an address, and looks for one; null where it is none that could be held,
     * which must cost nobody the event.
     */
    static @Nullable String searchable(String email) {
      return holdable(email.toLowerCase(Locale.ROOT), LONGEST_EMAIL);
    }

    private static @Nullable String holdable(String text, int longest) {
      return text.length() > longest
              || text.chars().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c < 0xE000)
          ? null
          : text;
    }
  }

  /**
   * What an event is found and counted by, besides its columns.
   *
   * @param externalId the respondent's id in the customer's own systems, or null; null too where it
   *     could not be held
   * @param status of the response; null where the event is about none: then it is not counted
   * @param nps its likelihood to recommend, from 0 to 10; or null
   * @param surveyTitle or null; what a column cannot hold of it is left out
   */
  public record Facts(
      @Nullable String externalId,
      @Nullable String status,
      @Nullable Integer nps,
      @Nullable String surveyTitle) {

    static final Facts NONE = new Facts(null, null, null, null);

    private static final int LONGEST_ID = 255;
    private static final int LONGEST_TITLE = 500;

    public Facts {
      externalId = externalId == null ? null : NewEvent.holdable(externalId, LONGEST_ID);
      surveyTitle = surveyTitle == null ? null : title(surveyTitle);
    }

    private static @Nullable String title(String text) {
      // Every surrogate, so that none is cut in two.
      var plain = text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}]|[^\\x{0}-\\x{ffff}]|\\p{Cs}", " ");
      var cut = plain.substring(0, Math.min(plain.length(), LONGEST_TITLE)).strip();
      return cut.isEmpty() ? null : cut;
    }
  }

  /**
   * An event's way to one destination.
   *
   * @param state waiting, or skipped where the destination is off
   * @param reason why it is skipped
   */
  public record NewDelivery(
      long id,
      long eventId,
      String destination,
      Work.State state,
      @Nullable String reason,
      Instant createdAt) {}

  /**
   * An item that could not be made an event.
   *
   * @param index of the item in its batch, from 0; null for the whole request
   */
  public record SetAside(
      long id,
      long requestId,
      String provider,
      @Nullable Integer index,
      String reason,
      Instant createdAt) {}

  long weight() {
    return 512 + events.stream().mapToLong(event -> 512L + event.document().length()).sum();
  }
}
