package io.surveygateway.proof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a proof's key is put together from settings, such as {@code
 * {gateway.providers.surveymonkey.client-id}&{gateway.providers.surveymonkey.client-secret}}.
 *
 * <p>A name in braces stands for that setting's secrets, everything else for itself. It names where
 * secrets are and holds none, so routes, addresses and logs may show it. Immutable.
 */
public final class KeyTemplate {

  private static final Pattern SETTING = Pattern.compile("\\{\\s*([A-Za-z0-9._\\[\\]-]+)\\s*}");
  private static final int MOST_KEYS = 16;

  /** Texts and settings in turn: text, setting, text, ... text. */
  private final List<String> texts;

  private final List<String> settings;

  private KeyTemplate(List<String> texts, List<String> settings) {
    this.texts = texts;
    this.settings = settings;
  }

  /**
   * @throws IllegalArgumentException if no setting is named, or a brace is left over; the message
   *     does not repeat the text, which may be a secret put there by mistake
   */
  public static KeyTemplate parse(String template) {
    var text = template.strip();
    var texts = new ArrayList<String>();
    var settings = new ArrayList<String>();
    var matcher = SETTING.matcher(text);
    var end = 0;
    while (matcher.find()) {
      texts.add(text.substring(end, matcher.start()));
      settings.add(matcher.group(1));
      end = matcher.end();
    }
    texts.add(text.substring(end));
    if (settings.isEmpty() || texts.stream().anyMatch(t -> t.contains("{") || t.contains("}"))) {
      throw new IllegalArgumentException(
          "Expected key to name settings in single braces, such as"
              + " {gateway.providers.popsee.secret}, got another text (not shown, in case it is a"
              + " secret)");
    }
    return new KeyTemplate(List.copyOf(texts), List.copyOf(settings));
  }

  /** The secrets of each setting that is named, in the order of naming. */
  public Map<String, Secrets> secrets(Function<String, Secrets> settingsByName) {
    var secrets = new LinkedHashMap<String, Secrets>();
    for (var setting : settings) {
      secrets.computeIfAbsent(setting, settingsByName);
    }
    return secrets;
  }

  /**
   * Every combination of the secrets, the newest ones first.
   *
   * @param secrets what {@link #secrets} gave, none of which lacks anything
   * @throws IllegalArgumentException if there are more than 16: each one costs every request a hash
   */
  public Keys keys(Map<String, Secrets> secrets) {
    var keys = List.of(texts.get(0));
    for (var at = 0; at < settings.size(); at++) {
      var values = secrets.get(settings.get(at)).newestFirst();
      if (keys.size() * values.size() > MOST_KEYS) {
        throw new IllegalArgumentException(
            "Expected at most "
                + MOST_KEYS
                + " keys, got more from "
                + String.join(" and ", settings)
                + "; remove the secrets that are no longer in use");
      }
      var text = texts.get(at + 1);
      keys =
          keys.stream().flatMap(key -> values.stream().map(value -> key + value + text)).toList();
    }
    return Keys.of(keys);
  }

  @Override
  public String toString() {
    var template = new StringBuilder(texts.get(0));
    for (var at = 0; at < settings.size(); at++) {
      template.append('{').append(settings.get(at)).append('}').append(texts.get(at + 1));
    }
    return template.toString();
  }
}
