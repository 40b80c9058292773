package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import io.surveygateway.SettableClock;
import io.surveygateway.console.Browser.Shown;
import io.surveygateway.console.IdentityProviderStandIn.Signature;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** The login by an identity provider, from the button to a page, and what does not get in. */
class OidcLoginTest {

  private static IdentityProviderStandIn provider;
  private static ApiGateway gateway;
  private Browser browser;

  @BeforeAll
  static void start() throws Exception {
    provider = new IdentityProviderStandIn();
    // The gateway starts all the same.
    provider.isAway = true;
    gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "oidc"),
            "--gateway.console.oidc.issuer=" + provider.issuer(),
            "--gateway.console.oidc.client-id=" + IdentityProviderStandIn.CLIENT,
            "--gateway.console.oidc.client-secret=" + IdentityProviderStandIn.SECRET,
            "--gateway.console.oidc.claim=email",
            "--gateway.console.oidc.readers=rita@example.org, ron@example.org",
            "--gateway.console.oidc.operators=ada@example.org",
            "--gateway.console.oidc.admins=root@example.org",
            "--gateway.console.oidc.label=Example ID");
    var away = new Browser(gateway.api("/")).open("/login/oidc");
    assertThat(away.texts("[role=alert]"))
        .containsExactly(
            "The identity provider cannot be asked just now; the log says why. The password of user"
                + " admin opens meanwhile.");
    gateway.deliver(
        SignedSamples.popsee()
            .responseId("r-1")
            .signedWith(SampleSecrets.DEMO.popsee())
            .toRequest());
    gateway.awaitCount(
        1, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void beginAnew() {
    provider.beginAnew();
    browser = new Browser(gateway.api("/"));
  }

  private Shown logIn() {
    var login = browser.open("/login");
    assertThat(login.first(".by-oidc a").text()).isEqualTo("Log in with Example ID");
    return browser.open(login.first(".by-oidc a").attr("href"));
  }

  private Shown logIn(String email) {
    provider.claims.put("email", email);
    return logIn();
  }

  private static void assertNotIn(Shown shown, Browser browser) {
    assertThat(shown.at().getPath()).isEqualTo("/login");
    assertThat(browser.open("/events").at().getPath()).isEqualTo("/login");
  }

  @Test
  void bringsAPersonToThePageThatWasWanted() {
    assertThat(browser.open("/destinations").at().getPath()).isEqualTo("/login");

    var shown = logIn();

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.at().getPath()).isEqualTo("/destinations");
    assertThat(provider.asked)
        .containsEntry("response_type", "code")
        .containsEntry("scope", "openid email profile")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "code_challenge");
  }

  @Test
  void recordsWhoChangedSomething() {
    logIn();

    browser.submit(
        browser.open("/destinations"), "form[action='/destinations/database/pause']", Map.of());

    assertThat(gateway.text("SELECT who FROM audit ORDER BY id DESC LIMIT 1"))
        .isEqualTo("ada@example.org");
    gateway.post("/api/destinations/database/resume");
  }

  @Test
  void letsAnOperatorMakeNoTokens() {
    var shown = logIn();

    assertThat(shown.texts("nav[aria-label=Console] a")).doesNotContain("API tokens");
    var tokens = browser.open("/tokens");
    assertThat(tokens.status()).isEqualTo(403);
    assertThat(tokens.text())
        .contains("Expected an admin: only one may see, make or revoke API tokens");
  }

  @Test
  void letsAnAdminMakeTokens() {
    logIn("root@example.org");

    assertThat(browser.open("/tokens").texts("h1")).containsExactly("API tokens");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/events",
        "/deliveries",
        "/requests",
        "/destinations",
        "/providers",
        "/runs"
      })
  void showsAReaderNoButtonThatChangesSomething(String path) {
    logIn("rita@example.org");

    var shown = browser.open(path);

    assertThat(shown.status()).isEqualTo(200);
    assertThat(
            shown.page().select("form[method=post]:not([action='/logout'])").stream()
                .flatMap(form -> form.select("button, input:not([type=hidden]), select").stream()))
        .isEmpty();
    assertThat(shown.page().select("form[action='/logout'] button")).hasSize(1);
    assertThat(shown.page().select("main *").size()).isGreaterThan(5);
  }

  @Test
  void showsAReaderTheListsAllTheSame() {
    logIn("ron@example.org");

    assertThat(browser.open("/deliveries").texts("tbody tr")).isNotEmpty();
    assertThat(browser.open("/events").texts("form[role=search] button")).contains("Find");
    assertThat(browser.open("/api/deliveries").status()).isEqualTo(200);
  }

  @Test
  void refusesWhatAReaderSendsAllTheSame() {
    logIn("rita@example.org");
    var token = browser.open("/").first("form[action='/logout'] input[name=_csrf]").val();

    for (var path :
        new String[] {"/destinations/database/pause", "/api/destinations/database/pause"}) {
      var answer =
          browser.send(
              HttpRequest.newBuilder(gateway.api(path))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString("_csrf=" + token)));

      assertThat(answer.status()).as(path).isEqualTo(403);
      assertThat(answer.response().body())
          .contains(
              "Expected somebody who may operate, since this changes something; this login may"
                  + " read");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"eve@example.org", "ADA@example.org", "ada@example.org.evil"})
  void letsNobodyInWhoIsNotNamed(String email) {
    var shown = logIn(email);

    assertNotIn(shown, browser);
    assertThat(shown.texts("[role=alert]"))
        .singleElement()
        .asString()
        .startsWith("You are known to the identity provider, but not named");
  }

  @Test
  void takesNoAddressThatIsNotVerified() {
    provider.claims.remove("email_verified");
    assertNotIn(logIn(), browser);

    provider.claims.put("email_verified", false);
    assertNotIn(logIn(), browser);
  }

  static Stream<Named<Consumer<JWTClaimsSet.Builder>>> wrongClaims() {
    return Stream.of(
        Named.of("another nonce", c -> c.claim("nonce", "another")),
        Named.of("no nonce", c -> c.claim("nonce", null)),
        Named.of("another audience", c -> c.audience("another")),
        Named.of(
            "several audiences, for another party",
            c -> c.audience(List.of("gateway", "another")).claim("azp", "another")),
        Named.of("another issuer", c -> c.issuer("https://evil.example")),
        Named.of(
            "expired",
            c ->
                c.issueTime(Date.from(Instant.now().minusSeconds(600)))
                    .expirationTime(Date.from(Instant.now().minusSeconds(300)))),
        Named.of("no end", c -> c.expirationTime(null)),
        Named.of(
            "not yet",
            c ->
                c.issueTime(Date.from(Instant.now().plusSeconds(3600)))
                    .expirationTime(Date.from(Instant.now().plusSeconds(7200)))),
        Named.of("nobody", c -> c.subject(null)));
  }

  @ParameterizedTest
  @MethodSource("wrongClaims")
  void takesNoTokenThatIsNotWhole(Consumer<JWTClaimsSet.Builder> bent) {
    provider.bend = bent;

    var shown = logIn();

    assertThat(provider.tokens).hasValue(1);
    assertNotIn(shown, browser);
    assertThat(shown.texts("[role=alert]"))
        .singleElement()
        .asString()
        .startsWith("The identity provider's answer was not as expected");
  }

  @Test
  void takesNoTokenThatTheProviderDidNotSign() {
    for (var signature : List.of(Signature.NONE, Signature.OF_ANOTHER_KEY)) {
      provider.signature = signature;

      assertNotIn(logIn(), browser);
      assertThat(provider.tokens.getAndSet(0)).as(signature.name()).isEqualTo(1);
    }
  }

  @Test
  void takesNoAnswerThatTheBrowserDidNotAskFor() {
    logIn();
    var state = provider.asked.get("state");
    var other = new Browser(gateway.api("/"));
    provider.tokens.set(0);

    for (var query : new String[] {"code=c&state=" + state, "code=c&state=x", "error=x", ""}) {
      assertNotIn(other.open("/login/oauth2/code/oidc?" + query), other);
    }
    assertThat(provider.tokens).hasValue(0);
  }

  @Test
  void changesTheSessionAtALoginAndEndsItAtALogout() {
    // A session that somebody else could have planted.
    browser.logIn("secret");
    var before = browser.cookie(ConsoleSecurity.SESSION);

    logIn();

    assertThat(browser.cookie(ConsoleSecurity.SESSION)).isNotEqualTo(before);
    var out = browser.submit(browser.open("/"), "form[action='/logout']", Map.of());
    assertThat(out.at().toString()).endsWith("/login?out");
    assertThat(browser.open("/").at().getPath()).isEqualTo("/login");
  }

  @Test
  void makesNoSessionForSomebodyWhoIsOnlyOnTheWay() throws Exception {
    var http = HttpClient.newHttpClient();
    var answer =
        http.send(
            HttpRequest.newBuilder(gateway.api("/oauth2/authorization/oidc")).build(),
            BodyHandlers.discarding());

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .startsWith(OidcLogins.COOKIE + "=")
        .contains("HttpOnly", "SameSite=Lax", "Path=/login");
  }

  @Test
  void leavesThePasswordAsItIs() {
    browser.logIn("secret");

    assertThat(browser.open("/tokens").status()).isEqualTo(200);
  }

  @Test
  void keepsSoManyLoginsUnderWayAndForSoLong() {
    var clock = new SettableClock(Instant.parse("2026-03-02T09:00:00Z"));
    var logins = new OidcLogins(clock);
    var first = begun(logins, "s0");
    assertThat(logins.loadAuthorizationRequest(first)).isNotNull();
    clock.advance(OidcLogins.LONGEST);
    assertThat(logins.loadAuthorizationRequest(first)).isNull();

    var second = begun(logins, "s1");
    for (var i = 0; i < OidcLogins.MOST - 1; i++) {
      begun(logins, "x" + i);
    }
    assertThat(logins.loadAuthorizationRequest(second)).isNotNull();
    begun(logins, "one more");
    assertThat(logins.loadAuthorizationRequest(second)).isNull();
  }

  private static MockHttpServletRequest begun(OidcLogins logins, String state) {
    var response = new MockHttpServletResponse();
    logins.saveAuthorizationRequest(
        OAuth2AuthorizationRequest.authorizationCode()
            .authorizationUri("https://id.example.org")
            .clientId("c")
            .state(state)
            .build(),
        new MockHttpServletRequest(),
        response);
    var back = new MockHttpServletRequest();
    back.setCookies(response.getCookies());
    back.setParameter("state", state);
    return back;
  }

  @Test
  void startsWithNoHalfSettings() {
    assertThatThrownBy(() -> settings("https://id.example.org", "c", List.of(" ")))
        .hasMessageContaining("without one nobody could come in");
    assertThatThrownBy(() -> settings("http://id.example.org", "c", List.of("a")))
        .hasMessage("Expected GATEWAY_OIDC_ISSUER to be an address by https");
    assertThatThrownBy(() -> settings("https://id.example.org", " ", List.of("a")))
        .hasMessage("Expected GATEWAY_OIDC_CLIENT_ID beside GATEWAY_OIDC_ISSUER");
    assertThat(settings(" ", null, List.of()).isOn()).isFalse();
    assertThat(settings("https://id.example.org", "c", List.of("a")))
        .hasToString("OidcSettings[issuer=https://id.example.org, claim=groups]");
  }

  private static OidcSettings settings(String issuer, String client, List<String> readers) {
    return new OidcSettings(
        issuer,
        client,
        "secret",
        "groups",
        readers,
        List.of(),
        List.of(),
        List.of("openid"),
        null,
        null);
  }
}
