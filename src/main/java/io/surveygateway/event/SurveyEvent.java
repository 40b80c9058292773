package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What happened to a response, a collector or a survey: a CloudEvents 1.0 envelope.
 *
 * <p>The definition is {@code schema/survey-event.schema.json}. An event that {@link
 * CanonicalEvents} accepted can be read by {@link #from}. Source: CloudEvents 1.0.2, "Context
 * Attributes", and its JSON Event Format.
 *
 * @param id the event's own id at its provider, unique within {@code source}: what a repeat has in
 *     common with the first
 * @param source {@code /providers/<provider>}
 * @param type what happened
 * @param subject the key of what it is about; for a response its {@link SurveyResponse#key}
 * @param time when it happened, as the provider says, to the millisecond; orders the events of one
 *     subject
 * @param data a {@link SurveyResponse} for an event about one, the sender's own data for {@link
 *     EventType#UNKNOWN}. Not copied: leave it as it is
 */
public record SurveyEvent(
    String id, String source, EventType type, String subject, Instant time, JsonNode data) {

  /** The {@code specversion} of every event. */
  public static final String SPEC_VERSION = "1.0";

  /** The {@code dataschema} of every event; its last part counts the versions of the shape. */
  public static final String DATA_SCHEMA = "urn:survey-gateway:survey-event:1";

  private static final String SOURCE_PREFIX = "/providers/";

  /**
   * @throws IllegalArgumentException if a member that every event has is missing or unreadable; the
   *     message names the member and shows no value
   */
  public static SurveyEvent from(JsonNode node) {
    var time = Members.instant(node, "time");
    if (time == null) {
      throw Members.missing("time");
    }
    return new SurveyEvent(
        Members.requiredText(node, "id"),
        Members.requiredText(node, "source"),
        EventType.of(Members.requiredText(node, "type")),
        Members.requiredText(node, "subject"),
        time,
        node.path("data"));
  }

  public ObjectNode toJson() {
    var node = Members.object();
    Members.put(node, "specversion", SPEC_VERSION);
    Members.put(node, "id", id);
    Members.put(node, "source", source);
    Members.put(node, "type", type.text());
    Members.put(node, "subject", subject);
    Members.put(node, "time", time);
    Members.put(node, "dataschema", DATA_SCHEMA);
    node.set("data", data);
    return node;
  }

  /** The provider's name in the gateway: {@code popsee}. */
  public String provider() {
    return source.startsWith(SOURCE_PREFIX) ? source.substring(SOURCE_PREFIX.length()) : source;
  }

  /**
   * The response that it is about.
   *
   * @throws IllegalStateException if it is about something else
   */
  public SurveyResponse response() {
    if (!type.isAboutResponse()) {
      throw new IllegalStateException(
          "Expected an event about a response, and this is a " + type.text());
    }
    return SurveyResponse.from(data);
  }

  /** Which event it is, and nothing that a respondent wrote. */
  @Override
  public String toString() {
    return "SurveyEvent[" + type.text() + ", " + source + ", " + id + "]";
  }
}
