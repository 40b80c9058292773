package io.surveygateway.outbox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings without which a destination is off: {@code a.url or a.token and a.channel}.
 *
 * <p>{@code and} binds closer than {@code or}, as in speech.
 */
final class Requirement {

  private final List<List<String>> alternatives;

  private Requirement(List<List<String>> alternatives) {
    this.alternatives = alternatives;
  }

  static Requirement parse(String text) {
    return new Requirement(
        Arrays.stream(text.strip().split("\\s+or\\s+"))
            .map(all -> Arrays.stream(all.split("\\s+and\\s+")).map(String::strip).toList())
            .toList());
  }

  /**
   * @param settings gives a setting's value, or null
   * @return what is missing, for an operator; null if enough is there
   */
  @Nullable String missing(Function<String, @Nullable String> settings) {
    for (var all : alternatives) {
      if (all.stream().allMatch(name -> name.isEmpty() || isSet(settings.apply(name)))) {
        return null;
      }
    }
    return "set "
        + alternatives.stream()
            .map(
                all -> all.stream().map(Requirement::variable).collect(Collectors.joining(" and ")))
            .collect(Collectors.joining(", or "));
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isBlank();
  }

  /** {@code gateway.slack.webhook-url} is set by SLACK_WEBHOOK_URL (application.yaml). */
  private static String variable(String setting) {
    return setting.replaceFirst("^gateway\\.", "").replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }
}
