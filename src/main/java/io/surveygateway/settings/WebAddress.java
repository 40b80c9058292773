package io.surveygateway.settings;

import java.net.URI;
import java.net.URISyntaxException;

/** What a setting must be that names a place to call by HTTP. */
public final class WebAddress {

  private WebAddress() {}

  /** Whether it begins with {@code https://} or {@code http://} and names a host. */
  public static boolean isOne(String text) {
    try {
      var address = new URI(text);
      return address.getHost() != null
          && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
