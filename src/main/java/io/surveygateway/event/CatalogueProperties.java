package io.surveygateway.event;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The setting {@code gateway.surveys}: what the gateway knows of surveys beforehand.
 *
 * <p>Checked when the gateway starts; what is wrong stops it, with the survey and the question in
 * the message.
 *
 * @param surveys each survey once, or once for each provider where ids could meet
 */
@ConfigurationProperties("gateway")
public record CatalogueProperties(@DefaultValue List<KnownSurvey> surveys) {

  public CatalogueProperties {
    surveys = List.copyOf(surveys);
    var seen = new HashSet<List<@Nullable String>>();
    for (var survey : surveys) {
      if (!seen.add(Arrays.asList(survey.provider(), survey.id()))) {
        throw new IllegalArgumentException(
            "gateway.surveys: expected each survey once, and survey "
                + survey.id()
                + (survey.provider() == null ? "" : " of " + survey.provider())
                + " stands there twice");
      }
    }
  }

  /**
   * @param id the survey's id at its provider
   * @param provider the provider's name in the gateway; null for any
   * @param title for events that bring none, or null
   * @param questions those that have something to add
   */
  public record KnownSurvey(
      String id,
      @Nullable String provider,
      @Nullable String title,
      @DefaultValue List<KnownQuestion> questions) {

    public KnownSurvey {
      id = required(id, "gateway.surveys: expected an id for each survey, and one has none");
      provider = blankToNull(provider);
      title = blankToNull(title);
      questions = List.copyOf(questions);
      var seen = new HashSet<String>();
      for (var question : questions) {
        if (!seen.add(question.id())) {
          throw new IllegalArgumentException(
              "gateway.surveys, survey %s: expected each question once, and %s stands there twice"
                  .formatted(id, question.id()));
        }
      }
    }
  }

  /**
   * @param id the question's id at its provider
   * @param title for answers that bring none, or null
   * @param role what the answer is for, as a {@link Role}'s text; or null
   * @param type one of {@link Answer#TYPES}, in place of what the provider says; or null
   */
  public record KnownQuestion(
      String id, @Nullable String title, @Nullable String role, @Nullable String type) {

    public KnownQuestion {
      id = required(id, "gateway.surveys: expected an id for each question, and one has none");
      title = blankToNull(title);
      role = blankToNull(role);
      type = blankToNull(type);
      if (role != null && Role.find(role) == null) {
        throw new IllegalArgumentException(
            "gateway.surveys, question %s: expected a role out of %s, and got %s"
                .formatted(id, Role.names(), role));
      }
      if (type != null && !Answer.TYPES.contains(type)) {
        throw new IllegalArgumentException(
            "gateway.surveys, question %s: expected a type out of %s, and got %s"
                .formatted(
                    id, Answer.TYPES.stream().sorted().collect(Collectors.joining(", ")), type));
      }
    }

    @Nullable Role knownRole() {
      return role == null ? null : Role.find(role);
    }
  }

  /** What an answer can be for. */
  enum Role {
    NPS("nps"),
    CSAT("csat"),
    CES("ces"),
    EMAIL("email"),
    NAME("name"),
    PHONE("phone"),
    EXTERNAL_ID("externalId"),
    COMMENT("comment");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    /** As it stands in the settings, and as the member of the response that it fills is called. */
    String text() {
      return text;
    }

    static @Nullable Role find(String text) {
      return Arrays.stream(values()).filter(role -> role.text.equals(text)).findAny().orElse(null);
    }

    static String names() {
      return Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", "));
    }
  }

  private static String required(@Nullable String value, String otherwise) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(otherwise);
    }
    return value;
  }

  private static @Nullable String blankToNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }
}
