package io.surveygateway.packaged;

import java.time.Instant;
import java.util.Set;

/**
 * One event as a provider tells it, and what has to come of it.
 *
 * @param id the event's own, as its provider's mapping makes it
 * @param subject the key of its response
 * @param type of the canonical event, such as {@code survey.response.completed}
 * @param status of the response that destinations show after it
 * @param mark letters and digits that stand in what Slack shows of it, and in no other event
 * @param isAnswered whether the mark is one of the answers too
 * @param refusedBy destinations that were made to refuse it for good
 */
record Told(
    String provider,
    String id,
    String subject,
    String type,
    String status,
    Instant at,
    String mark,
    boolean isAnswered,
    Set<String> refusedBy) {

  private static final String WITHOUT_ANSWERS = "|thin";

  /** Unique over all providers. */
  String key() {
    return provider + "|" + id;
  }

  boolean deletes() {
    return status.equals("deleted");
  }

  /** Whether its answers are fetched, and may come later than it does. */
  boolean isFetched() {
    return provider.equals("surveymonkey") && isAnswered && !destinations().isEmpty();
  }

  /** What the gateway may make of it while its answers are waited for. */
  Told withoutAnswers() {
    return new Told(
        provider, id + WITHOUT_ANSWERS, subject, type, status, at, mark, false, refusedBy);
  }

  /** Where the router sends it. */
  Set<String> destinations() {
    return id.endsWith(WITHOUT_ANSWERS)
        ? Set.of("database")
        : switch (type) {
          case "survey.response.completed" -> Set.of("database", "salesforce", "slack");
          case "survey.response.updated",
              "survey.response.disqualified",
              "survey.response.over_quota",
              "survey.response.deleted" ->
              Set.of("database", "salesforce");
          default -> Set.of();
        };
  }

  boolean isRefusedBy(String destination) {
    return refusedBy.contains(destination);
  }
}
