package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.surveygateway.lint.LastFindings;
import io.surveygateway.operations.TokenOperations;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.Counters;
import io.surveygateway.store.Dialect;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.StoreForTests;
import io.surveygateway.webhook.Providers;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** The private port over HTTP, with the settings that are shipped. */
@SpringBootTest(
    classes = PrivatePortTest.PrivatePort.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "gateway.console.admin-password=pässword:1",
      "camel.main.routes-include-pattern=false"
    })
@AutoConfigureObservability
class PrivatePortTest {

  private static final String ADMIN = login("admin", "pässword:1");

  @LocalServerPort private int port;
  @Autowired private CamelContext camel;
  @Autowired private AtomicBoolean storeIsAway;
  @Autowired private StoreForTests store;

  private final HttpClient http = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/health/liveness", "/actuator/health/readiness"})
  void tellsProbesTheStatusAndNothingElse(String probe) throws Exception {
    var answer = get(probe);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(send(request(probe).method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/actuator",
        "/actuator/health",
        "/actuator/health/store",
        "/actuator/health/liveness/",
        "/actuator/health/liveness/livenessState",
        "/actuator/info",
        "/actuator/prometheus",
        "/api/anything",
        "/error",
        "/no/such/page"
      })
  void asksForALoginEverywhereElse(String path) throws Exception {
    var answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly(
            "Basic realm=\"Survey Gateway\", charset=\"UTF-8\"", "Bearer realm=\"Survey Gateway\"");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Unauthorized","status":401,"detail":"Expected the login \
            of user admin, whose password is GATEWAY_ADMIN_PASSWORD or was printed at start, or an \
            API token as Authorization: Bearer"}""");
  }

  @Test
  void refusesAWrongLogin() throws Exception {
    for (var login :
        new String[] {
          login("admin", "wrong"),
          login("admin", ""),
          login("user", "pässword:1"),
          login("", ""),
          "Basic %%%",
          "Basic " + Base64.getEncoder().encodeToString("no colon".getBytes()),
          "Bearer x"
        }) {
      var answer = send(request("/actuator/health").header("Authorization", login));

      assertThat(answer.statusCode()).as(login).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @Test
  void answersAWrongLoginOfAProbeAsAnyOther() throws Exception {
    var answer =
        send(request("/actuator/health/liveness").header("Authorization", login("admin", "x")));

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void showsTheAdminDetailsOfHealth() throws Exception {
    var answer = getAsAdmin("/actuator/health/readiness");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"routes\"", "\"store\"", "\"readinessState\"");
  }

  @Test
  void showsTheAdminMetrics() throws Exception {
    var answer = getAsAdmin("/actuator/prometheus");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("jvm_memory_used_bytes", "survey_gateway_counts_age_seconds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"env", "beans", "configprops", "heapdump", "loggers", "camelroutes"})
  void exposesNoOtherActuatorEndpoint(String endpoint) throws Exception {
    assertThat(getAsAdmin("/actuator/" + endpoint).statusCode()).isEqualTo(404);
  }

  @Test
  void isNotReadyWhileTheStoreIsAway() throws Exception {
    storeIsAway.set(true);
    try {
      var answer = get("/actuator/health/readiness");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("{\"status\":\"DOWN\"}");
      assertThat(getAsAdmin("/actuator/health/readiness").body())
          .contains("Expected an answer of the store, got SQLException 08006");
      assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    } finally {
      storeIsAway.set(false);
    }
  }

  @Test
  void isNotReadyWhileARouteIsStopped() throws Exception {
    camel.getRouteController().stopRoute("receiving");
    try {
      assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
      assertThat(getAsAdmin("/actuator/health/readiness").body())
          .contains("\"stopped\":[\"receiving\"]");
      assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    } finally {
      camel.getRouteController().startRoute("receiving");
    }
  }

  @Test
  void staysReadyWhileAnOperatorPausesARoute() throws Exception {
    camel.getRouteController().suspendRoute("delivering");
    try {
      assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
      assertThat(getAsAdmin("/actuator/health/readiness").body())
          .contains("\"paused\":[\"delivering\"]");
    } finally {
      camel.getRouteController().resumeRoute("delivering");
    }
  }

  @Test
  void answersErrorsAsProblemsThatGiveNothingAway() throws Exception {
    var missing = getAsAdmin("/no/such/page");
    var broken = getAsAdmin("/broken");
    var refused = getAsAdmin("/refused");
    var page =
        send(request("/broken").header("Authorization", ADMIN).header("Accept", "text/html"));
    var ofTheApi =
        send(request("/api/broken").header("Authorization", ADMIN).header("Accept", "text/html"));

    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(refused.statusCode()).isEqualTo(409);
    for (var answer : new HttpResponse<?>[] {missing, broken, refused, ofTheApi}) {
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(answer.body().toString()).contains("\"status\":").doesNotContain("secret", "java");
    }
    assertThat(page.statusCode()).isEqualTo(500);
    assertThat(page.headers().firstValue("Content-Type")).get().asString().startsWith("text/html");
    assertThat(page.body())
        .contains("Internal Server Error")
        .doesNotContain("secret", "java.", "Exception");
  }

  @Test
  void answersAnErrorPageThatNobodyWasSentToLikeAnyMissingPage() throws Exception {
    assertThat(getAsAdmin("/error").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsBrowsersToBeCareful() throws Exception {
    var headers = getAsAdmin("/actuator/health").headers();

    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
    assertThat(headers.firstValue("Cache-Control")).get().asString().contains("no-store");
    assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(headers.firstValue("Content-Security-Policy"))
        .get()
        .asString()
        .contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(headers.firstValue("Server")).isEmpty();
    assertThat(headers.firstValue("X-Powered-By")).isEmpty();
    assertThat(headers.firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void letsProgramsChangeThings() throws Exception {
    assertThat(send(change()).statusCode()).isEqualTo(200);
  }

  @Test
  void letsTheConsoleItselfChangeThings() throws Exception {
    assertThat(send(change().header("Sec-Fetch-Site", "same-origin")).statusCode()).isEqualTo(200);
    assertThat(send(change().header("Origin", "http://localhost:" + port)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void letsNoOtherSiteChangeThingsInTheAdminsName() throws Exception {
    for (var site : new String[] {"cross-site", "same-site", ""}) {
      assertThat(send(change().header("Sec-Fetch-Site", site)).statusCode()).isEqualTo(403);
    }
    for (var origin :
        new String[] {"https://evil.example", "http://localhost:1", "null", "http://local host"}) {
      var answer = send(change().header("Origin", origin));

      assertThat(answer.statusCode()).as(origin).isEqualTo(403);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
  }

  @Test
  void looksAtNoFurtherLoginAfterTooManyWrongOnes() throws Exception {
    store.clock.advance(WrongLogins.WINDOW);
    for (var i = 0; i < WrongLogins.MOST; i++) {
      var guess = request("/actuator/info").header("Authorization", login("admin", "guess" + i));
      assertThat(send(guess).statusCode()).isEqualTo(401);
    }

    var right = getAsAdmin("/actuator/info");
    assertThat(right.statusCode()).isEqualTo(429);
    assertThat(right.headers().firstValue("Retry-After")).contains("61");
    assertThat(right.headers().firstValue("Content-Type")).contains("application/problem+json");
    var form =
        request("/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("username=admin&password=guess"));
    assertThat(send(form).statusCode()).isEqualTo(429);
    var shown = send(form.header("Accept", "text/html"));
    assertThat(shown.statusCode()).isEqualTo(429);
    assertThat(shown.headers().firstValue("Retry-After")).contains("61");
    assertThat(shown.headers().firstValue("Content-Type")).get().asString().startsWith("text/html");
    assertThat(shown.body()).contains("the next is looked at in 61 seconds.");
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(get("/actuator/info").statusCode()).isEqualTo(401);

    store.clock.advance(WrongLogins.WINDOW);
    assertThat(getAsAdmin("/actuator/info").statusCode()).isEqualTo(200);
  }

  @Test
  void givesNothingAwayToARequestThatIsNoHttp() throws Exception {
    assertThat(raw("GET /\u0001{} HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .doesNotContainIgnoringCase("tomcat", "java", "exception");
    assertThat(raw("GET /a;b/..%2f/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .doesNotContainIgnoringCase("tomcat", "java", "exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\u0001{} HTTP/1.1",
        "GET /%zz HTTP/1.1",
        "GET /a/..%2f/%00 HTTP/1.1",
        "GET /|x HTTP/1.1",
        "GET /login?wrong=%zz HTTP/1.1",
        "GET /../.. HTTP/1.1",
        "GET / HTTP/9.9",
        "CONNECT x:1 HTTP/1.1",
        "GET //actuator HTTP/1.1",
        "GET /a;b HTTP/1.1",
        "GET /a%25b HTTP/1.1",
        "BREW / HTTP/1.1",
        "TRACE / HTTP/1.1"
      })
  void tellsBrowsersToBeCarefulThoughTheApplicationWasNotAsked(String line) throws Exception {
    var answer = raw(line + "\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .matches("(?s)HTTP/1.1 (400|401|501|505) .*")
        .contains("X-Content-Type-Options: nosniff", "X-Frame-Options: DENY")
        .contains("Content-Security-Policy: default-src 'none'", "no-store", "no-referrer")
        .doesNotContain("<h1>HTTP Status", "/error\"");
  }

  /** Tomcat leaves out a parameter that it cannot read, and says so with its value. */
  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void logsNoPasswordThatCannotBeRead(CapturedOutput log) throws Exception {
    var form =
        request("/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Cookie", "a=b; hush=\"")
            .POST(BodyPublishers.ofString("username=admin&password=hush%zz"));

    assertThat(send(form).statusCode()).isEqualTo(302);

    assertThat(log.toString()).doesNotContain("hush");
  }

  @Test
  void answersWhatIsNoHttpWithAProblemToo() throws Exception {
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"))
        .contains("Content-Type: application/problem+json")
        .endsWith("{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400}");
  }

  private HttpRequest.Builder change() {
    return request("/change").header("Authorization", ADMIN).POST(BodyPublishers.noBody());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> getAsAdmin(String path) throws Exception {
    return send(request(path).header("Authorization", ADMIN));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket("localhost", port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String login(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** The private port alone, with a store that can go away and three routes. */
  @EnableAutoConfiguration(exclude = FlywayAutoConfiguration.class)
  @ComponentScan(
      basePackages = {"io.surveygateway.console", "io.surveygateway.operations"},
      // What works with the store's tables, which are not there.
      excludeFilters = {
        @ComponentScan.Filter(
            type = FilterType.REGEX,
            pattern = {".*Api", ".*\\.SampleZip", ".*\\.OperationsConfiguration"}),
        @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = ConsolePage.class)
      })
  @ConfigurationPropertiesScan("io.surveygateway.console")
  @Import({Destinations.class, Providers.class, LastFindings.class})
  static class PrivatePort {

    @Bean
    StoreForTests countedStore() {
      return StoreForTests.open(Dialect.SQLITE);
    }

    @Bean
    Counters counters(StoreForTests countedStore) {
      return countedStore.get(Counters.class);
    }

    @Bean
    Pauses pauses(StoreForTests countedStore) {
      return countedStore.get(Pauses.class);
    }

    /** Knows none. */
    @Bean
    TokenOperations tokens() {
      return Mockito.mock();
    }

    @Bean
    Clock clock(StoreForTests countedStore) {
      return countedStore.clock;
    }

    @Bean
    AtomicBoolean storeIsAway() {
      return new AtomicBoolean();
    }

    @Bean
    @Qualifier("store")
    DataSource storeDataSource(AtomicBoolean storeIsAway) {
      var pool = new HikariDataSource();
      pool.setJdbcUrl("jdbc:sqlite::memory:");
      return new DelegatingDataSource(pool) {
        @Override
        public Connection getConnection() throws SQLException {
          if (storeIsAway.get()) {
            throw new SQLException("secret words", "08006");
          }
          return super.getConnection();
        }
      };
    }

    @Bean
    RouteBuilder routes() {
      return new RouteBuilder() {
        @Override
        public void configure() {
          from("direct:receiving").routeId("receiving").to("log:x");
          from("direct:delivering").routeId("delivering").to("log:x");
          from("direct:off").routeId("off").autoStartup(false).to("log:x");
        }
      };
    }

    @Bean
    RouterFunction<ServerResponse> pages() {
      return RouterFunctions.route()
          .GET(
              "/broken",
              request -> {
                throw new IllegalStateException("secret");
              })
          .GET(
              "/refused",
              request -> {
                throw new ResponseStatusException(HttpStatus.CONFLICT);
              })
          .POST("/change", request -> ServerResponse.ok().build())
          .build();
    }
  }
}
