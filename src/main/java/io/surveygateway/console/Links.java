package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Puts addresses together from names and values that anybody may have written. */
final class Links {

  private Links() {}

  /**
   * @param pairs names and values in turn; what has no value is left out
   */
  static String query(@Nullable String... pairs) {
    var query = new StringJoiner("&");
    for (var i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        query.add(pairs[i] + "=" + URLEncoder.encode(pairs[i + 1], UTF_8));
      }
    }
    return query.toString();
  }
}
