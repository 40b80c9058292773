package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.console.ApiGateway.Answered;
import io.surveygateway.store.Store;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** API tokens: made, used, refused, revoked; by page and by API. */
class TokensTest {

  private static ApiGateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    gateway = new ApiGateway(Files.createTempDirectory(Path.of("target"), "tokens"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void beginAnew() {
    // As if their minute were over.
    gateway.bean(WrongLogins.class).forget();
    for (var table : new String[] {"api_token", "audit"}) {
      write("DELETE FROM " + table);
    }
  }

  private static void write(String sql, Object... values) {
    gateway.bean(Store.class).write(jdbc -> jdbc.update(sql, values));
  }

  private static Answered make(String json) {
    return gateway.post("/api/tokens", json);
  }

  private static String token(String scope) {
    return make("{\"name\": \"report\", \"scopes\": \"" + scope + "\"}")
        .json()
        .get("token")
        .textValue();
  }

  private record Answer(int status, String body, String challenge) {}

  private Answer send(String method, String path, String token) throws Exception {
    var answer =
        http.send(
            HttpRequest.newBuilder(gateway.api(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    return new Answer(
        answer.statusCode(),
        answer.body(),
        answer.headers().firstValue("WWW-Authenticate").orElse(""));
  }

  @Test
  void showsATokenOnceAndKeepsItsHashAlone() {
    var made =
        make("{\"name\": \"report\", \"scopes\": [\"read\"], \"expiresAt\": \"2999-01-01\"}");

    assertThat(made.status()).isEqualTo(201);
    var id = made.json().get("id").longValue();
    var token = made.json().get("token").textValue();
    assertThat(token).matches("sgw_" + id + "_[0-9a-f]{64}");
    assertThat(made.response().headers().firstValue("Cache-Control"))
        .get()
        .asString()
        .contains("no-store");
    assertThat(gateway.count("SELECT count(*) FROM api_token WHERE length(hash) = 32")).isOne();
    var listed = gateway.get("/api/tokens").json().toString();
    assertThat(listed)
        .isEqualTo(
            """
            {"items":[{"id":%d,"name":"report","scopes":["read"],"madeAt":%s,"madeBy":"admin",\
            "expiresAt":"2999-01-01T00:00:00Z"}]}"""
                .formatted(id, made.json().get("madeAt")));
  }

  @Test
  void makesEachTokenAnotherOne() {
    assertThat(token("read").substring("sgw_".length() + 8))
        .isNotEqualTo(token("read").substring("sgw_".length() + 8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What is asked for | by a token to read | to operate.
        "GET  /api/deliveries               | 200 | 200",
        "GET  /api/events?limit=1           | 200 | 200",
        "GET  /actuator/prometheus          | 200 | 200",
        "GET  /actuator/health              | 200 | 200",
        "GET  /actuator/health/readiness    | 200 | 200",
        "POST /api/destinations/database/resume | 403 | 200",
        "POST /api/mappings/popsee/diff?days=1  | 403 | 200",
        "GET  /api/tokens                   | 403 | 403",
        "POST /api/tokens                   | 403 | 403",
        "POST /api/tokens/1/revoke          | 403 | 403",
        "GET  /tokens                       | 403 | 403",
        "POST /tokens                       | 403 | 403",
        "GET  /                             | 403 | 403",
        "POST /destinations/database/resume | 403 | 403",
        "GET  /api/no/such/thing            | 404 | 404"
      })
  void opensWhatItsScopeSays(String asked, int toRead, int toOperate) throws Exception {
    var parts = asked.split(" +");

    assertThat(send(parts[0], parts[1], token("read")).status).as("read").isEqualTo(toRead);
    assertThat(send(parts[0], parts[1], token("operate")).status)
        .as("operate")
        .isEqualTo(toOperate);
  }

  @Test
  void showsATokenToReadTheDetailsOfHealth() throws Exception {
    assertThat(send("GET", "/actuator/health", token("read")).body).contains("\"destinations\"");
  }

  @Test
  void saysWhatWasExpected() throws Exception {
    var read = token("read");

    assertThat(send("POST", "/api/destinations/database/resume", read).body)
        .isEqualTo(
            """
            {"type":"about:blank","title":"Forbidden","status":403,"detail":"Expected a token with \
            scope operate, since this changes something; this one has read"}""");
    assertThat(send("GET", "/api/tokens", read).body)
        .contains(
            "\"Expected an admin: only one may see, make or revoke API tokens, and no token may\"");
    assertThat(send("GET", "/events", read).body)
        .contains("\"Expected a person: a token opens /api, /actuator and /v3/api-docs alone\"");
  }

  @Test
  void opensNothingOnceItIsRevoked() throws Exception {
    var token = token("read");
    assertThat(send("GET", "/api/runs", token).status).isEqualTo(200);

    var revoked = gateway.post("/api/tokens/" + token.split("_")[1] + "/revoke");

    assertThat(revoked.json().get("revokedBy").textValue()).isEqualTo("admin");
    var answer = send("GET", "/api/runs", token);
    assertThat(answer.status).isEqualTo(401);
    assertThat(answer.challenge)
        .isEqualTo("Bearer realm=\"Survey Gateway\", error=\"invalid_token\"");
    assertThat(answer.body)
        .contains(
            "Expected a token that holds; this one was revoked at "
                + revoked.json().get("revokedAt").textValue());
  }

  @Test
  void opensNothingOnceItHasExpired() throws Exception {
    var token = token("read");
    write("UPDATE api_token SET expires_at = 1000");

    var answer = send("GET", "/api/runs", token);

    assertThat(answer.status).isEqualTo(401);
    assertThat(answer.body).contains("this one expired at 1970-01-01T00:00:01Z");
  }

  @Test
  void takesNoTokenWithAnotherSecretOrAnotherId() throws Exception {
    var token = token("read");
    var other = token("read");
    var mixed = "sgw_" + token.split("_")[1] + "_" + other.split("_")[2];

    for (var wrong :
        new String[] {mixed, token + "0", token.toUpperCase(), "sgw_1_", "\u00e9", "x y"}) {
      var answer = send("GET", "/api/runs", wrong);

      assertThat(answer.status).as(wrong).isEqualTo(401);
      assertThat(answer.body).contains("Expected a token that was made on the page API tokens");
    }
  }

  @Test
  void countsUnknownTokensAsWrongLoginsAndOldOnesNot() throws Exception {
    var revoked = token("read");
    var good = token("read");
    write("UPDATE api_token SET revoked_at = 1 WHERE id = ?", Long.valueOf(revoked.split("_")[1]));
    for (var i = 0; i < 2 * WrongLogins.MOST; i++) {
      send("GET", "/api/runs", revoked);
    }
    assertThat(send("GET", "/api/runs", good).status).isEqualTo(200);

    for (var i = 0; i < WrongLogins.MOST; i++) {
      assertThat(send("GET", "/api/runs", "guess").status).isEqualTo(401);
    }

    assertThat(send("GET", "/api/runs", good).status).isEqualTo(429);
  }

  @Test
  void namesTheTokenInTheAuditLog() throws Exception {
    var token = token("operate");

    send("POST", "/api/destinations/database/pause", token);
    send("POST", "/api/destinations/database/resume", token);

    assertThat(
            gateway.count(
                "SELECT count(*) FROM audit WHERE who = ? AND target = 'destination database'",
                "token report (" + token.split("_")[1] + ")"))
        .isEqualTo(2);
    assertThat(
            gateway.text(
                "SELECT who || ' ' || action || ' ' || target || ': ' || detail || '; ' || note FROM"
                    + " audit WHERE action = 'make'"))
        .isEqualTo(
            "admin make token report: operate, does not expire; It is token "
                + token.split("_")[1]);
  }

  @Test
  void notesWhenATokenWasUsed() throws Exception {
    var token = token("read");
    assertThat(gateway.count("SELECT count(*) FROM api_token WHERE last_used_at IS NULL")).isOne();

    send("GET", "/api/runs", token);

    assertThat(gateway.count("SELECT count(*) FROM api_token WHERE last_used_at > made_at - 1"))
        .isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\": \"x\"}",
        "{\"name\": \" \", \"scopes\": [\"read\"]}",
        "{\"name\": \"a\\u0007b\", \"scopes\": [\"read\"]}",
        "{\"name\": \"x\", \"scopes\": []}",
        "{\"name\": \"x\", \"scopes\": [\"admin\"]}",
        "{\"name\": \"x\", \"scopes\": [null]}",
        "{\"name\": \"x\", \"scopes\": [\"read\"], \"expiresAt\": \"2001-01-01\"}",
        "{\"name\": \"x\", \"scopes\": [\"read\"], \"expires\": \"2999-01-01\"}"
      })
  void makesNoneThatIsNotWhollyDescribed(String json) {
    var answer = make(json);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("detail").textValue()).startsWith("Expected ");
    assertThat(gateway.count("SELECT count(*) FROM api_token")).isZero();
  }

  @Test
  void isMadeAndRevokedByThePage() throws Exception {
    var browser = new Browser(gateway.api("/")).logIn("secret");

    var made =
        browser.submit(
            browser.open("/tokens"),
            "form[aria-label='Make a token']",
            Map.of("name", "<b>nightly</b>", "scope", "operate", "expires", "never"));
    var token = made.first("section[aria-labelledby=made] code").text();

    assertThat(made.text()).contains("Copy it now: it is shown this once, and kept nowhere.");
    assertThat(send("POST", "/api/destinations/database/resume", token).status).isEqualTo(200);
    var again = browser.open("/tokens");
    assertThat(again.response().body()).doesNotContain(token);
    assertThat(again.texts("tbody tr"))
        .singleElement()
        .asString()
        .startsWith("<b>nightly</b> active operate sgw_" + token.split("_")[1] + "_ ")
        .endsWith("Revoke");

    var revoked = browser.submit(again, "form[action$=/revoke]", Map.of());
    assertThat(revoked.texts("[role=status]")).singleElement().asString().contains("any more");
    assertThat(revoked.texts("tbody td:nth-child(2)")).containsExactly("revoked");
    assertThat(send("GET", "/api/runs", token).status).isEqualTo(401);
  }
}
