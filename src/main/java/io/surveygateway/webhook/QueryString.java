package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the query of a URL apart, whatever is in it.
 *
 * <p>Percent-decodes as UTF-8; an escape that is none stays as it is, and so does a plus sign,
 * which is a space in forms only.
 */
final class QueryString {

  private QueryString() {}

  static List<Map.Entry<String, String>> parse(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return List.of();
    }
    var parameters = new ArrayList<Map.Entry<String, String>>();
    for (var pair : query.split("&")) {
      if (!pair.isEmpty()) {
        var equals = pair.indexOf('=');
        var name = equals < 0 ? pair : pair.substring(0, equals);
        var value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.add(Map.entry(decode(name), decode(value)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var raw = text.getBytes(UTF_8);
    var decoded = new ByteArrayOutputStream(raw.length);
    for (var at = 0; at < raw.length; at++) {
      var high = raw[at] == '%' && at + 2 < raw.length ? hex(raw[at + 1]) : -1;
      var low = high < 0 ? -1 : hex(raw[at + 2]);
      if (low < 0) {
        decoded.write(raw[at]);
      } else {
        decoded.write(high << 4 | low);
        at += 2;
      }
    }
    return decoded.toString(UTF_8);
  }

  /** {@link Character#digit} would take digits of other scripts too, of ASCII it takes the same. */
  private static int hex(byte letter) {
    return letter < 0 ? -1 : Character.digit(letter, 16);
  }
}
