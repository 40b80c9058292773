package io.surveygateway.console;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The identity provider that people may log in by, and who of them may do what. Off without an
 * issuer; with one, nobody comes in who is not named.
 *
 * @param issuer its address, as its id tokens name it
 * @param clientSecret null for a public client, which PKCE alone protects
 * @param claim of the id token that the three lists below are compared with
 * @param readers values of the claim that may read; and so on
 * @param scopes that are asked for, openid among them
 * @param consoleUrl address that people reach the console by; null: as their request has it
 * @param label what the button says behind "Log in with"
 */
@ConfigurationProperties("gateway.console.oidc")
record OidcSettings(
    @Nullable String issuer,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @Nullable String claim,
    @Nullable List<String> readers,
    @Nullable List<String> operators,
    @Nullable List<String> admins,
    @Nullable List<String> scopes,
    @Nullable String consoleUrl,
    @Nullable String label) {

  private static final Pattern SAFE =
      Pattern.compile("https://\\S+|http://(localhost|127\\.0\\.0\\.1)([:/]\\S*)?");

  OidcSettings {
    issuer = plain(issuer);
    clientId = plain(clientId);
    clientSecret = plain(clientSecret);
    claim = plain(claim);
    readers = values(readers);
    operators = values(operators);
    admins = values(admins);
    scopes = values(scopes);
    consoleUrl = plain(consoleUrl);
    label = plain(label);
    if (issuer != null) {
      check(SAFE.matcher(issuer).matches(), "GATEWAY_OIDC_ISSUER to be an address by https");
      check(clientId != null, "GATEWAY_OIDC_CLIENT_ID beside GATEWAY_OIDC_ISSUER");
      check(claim != null, "GATEWAY_OIDC_CLAIM beside GATEWAY_OIDC_ISSUER, such as groups");
      check(
          Stream.of(readers, operators, admins).anyMatch(list -> !list.isEmpty()),
          "GATEWAY_OIDC_READERS, GATEWAY_OIDC_OPERATORS or GATEWAY_OIDC_ADMINS beside"
              + " GATEWAY_OIDC_ISSUER: without one nobody could come in");
      check(
          consoleUrl == null || SAFE.matcher(consoleUrl).matches(),
          "GATEWAY_CONSOLE_URL to be an address by https, such as https://gateway.example.org");
      check(scopes.contains("openid"), "openid among gateway.console.oidc.scopes");
      consoleUrl = consoleUrl == null ? null : consoleUrl.replaceFirst("/+$", "");
    }
  }

  private static @Nullable String plain(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static List<String> values(@Nullable List<String> values) {
    return values == null
        ? List.of()
        : values.stream().map(String::strip).filter(value -> !value.isEmpty()).toList();
  }

  private static void check(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("Expected " + expected);
    }
  }

  boolean isOn() {
    return issuer != null;
  }

  /** For a person. */
  String name() {
    return label == null ? "single sign-on" : label;
  }

  @Override
  public String toString() {
    return "OidcSettings[issuer=" + issuer + ", claim=" + claim + "]";
  }
}
