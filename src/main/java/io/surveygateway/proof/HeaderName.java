package io.surveygateway.proof;

import java.util.regex.Pattern;

/** Tells a header's name (a token of RFC 9110, 5.6.2) from a slip in a route. */
final class HeaderName {

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private HeaderName() {}

  static String checked(String name) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Expected header to be a header's name, such as X-Signature, got \"" + name + "\"");
    }
    return name;
  }
}
