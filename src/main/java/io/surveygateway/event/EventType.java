package io.surveygateway.event;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a response, a collector or a survey: the {@code type} of a {@link
 * SurveyEvent}.
 *
 * <p>The names are the gateway's own, the same for every provider; a provider's route says which of
 * its events is which.
 */
public enum EventType {
  RESPONSE_STARTED("survey.response.started"),
  RESPONSE_UPDATED("survey.response.updated"),
  RESPONSE_COMPLETED("survey.response.completed"),
  RESPONSE_DISQUALIFIED("survey.response.disqualified"),
  RESPONSE_OVER_QUOTA("survey.response.over_quota"),
  RESPONSE_DELETED("survey.response.deleted"),
  COLLECTOR_CREATED("survey.collector.created"),
  COLLECTOR_UPDATED("survey.collector.updated"),
  COLLECTOR_DELETED("survey.collector.deleted"),
  SURVEY_CREATED("survey.created"),
  SURVEY_UPDATED("survey.updated"),
  SURVEY_DELETED("survey.deleted"),
  /** An event that no route knows: kept and visible, sent nowhere. Its data is the sender's own. */
  UNKNOWN("survey.unknown");

  private static final Map<String, EventType> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(EventType::text, Function.identity()));

  private final String text;

  EventType(String text) {
    this.text = text;
  }

  /** As it stands in an event: {@code survey.response.completed}. */
  public String text() {
    return text;
  }

  /** Whether the event's data is a {@link SurveyResponse}. */
  public boolean isAboutResponse() {
    return name().startsWith("RESPONSE_");
  }

  /** The type of that name, or null where there is none. */
  public static @Nullable EventType find(String text) {
    return BY_TEXT.get(text);
  }

  /**
   * @throws IllegalArgumentException if no type has that name
   */
  public static EventType of(String text) {
    var type = find(text);
    if (type == null) {
      throw new IllegalArgumentException("Expected the name of an event type: one of " + names());
    }
    return type;
  }

  private static String names() {
    return Arrays.stream(values()).map(EventType::text).collect(Collectors.joining(", "));
  }
}
