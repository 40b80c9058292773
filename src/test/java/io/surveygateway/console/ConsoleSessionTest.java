package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.resource.ResourceUrlProvider;

/** How people get into the console and out of it, and who does not. */
class ConsoleSessionTest {

  private static ApiGateway gateway;

  private Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway = new ApiGateway(Files.createTempDirectory(Path.of("target"), "session"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void newBrowser() {
    browser = new Browser(gateway.api("/"));
  }

  @Test
  void leadsAPersonToTheLoginAndBackToWhereTheyWantedToGo() {
    var login = browser.open("/?range=day");
    assertThat(login.at().getPath()).isEqualTo("/login");

    var shown = browser.submit(login, "form", Map.of("username", "admin", "password", "secret"));

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.at().getPath() + "?" + shown.at().getQuery()).startsWith("/?range=day");
    assertThat(shown.texts("h1")).containsExactly("Overview");
    // By path alone: who knows what scheme and name a proxy before it is reached by.
    assertThat(sentOnTo(login)).isEqualTo("/login");
    assertThat(sentOnTo(shown)).startsWith("/?range=day");
  }

  @Test
  void forgetsWhereAPersonWantedToGoOnceTheyWereThere() {
    var person = Map.of("username", "admin", "password", "secret");
    var events = browser.submit(browser.open("/events?email=a%40b"), "form", person);
    assertThat(events.at().getPath()).isEqualTo("/events");
    var out = browser.submit(events, "form[action=/logout]", Map.of());

    var shown = browser.submit(out, "form", person);

    assertThat(shown.at().getPath()).isEqualTo("/");
  }

  private static String sentOnTo(Browser.Shown shown) {
    return shown
        .response()
        .previousResponse()
        .flatMap(before -> before.headers().firstValue("Location"))
        .orElseThrow();
  }

  @Test
  void opensNothingForAWrongPassword() {
    var shown =
        browser.submit(
            browser.open("/login"), "form", Map.of("username", "admin", "password", "wrong"));

    assertThat(shown.at().toString()).endsWith("/login?wrong");
    assertThat(shown.texts("[role=alert]"))
        .containsExactly("Expected another name or password; nothing was opened.");
    assertThat(browser.open("/").at().getPath()).isEqualTo("/login");
  }

  @Test
  void keepsNothingForSomebodyWithoutALogin() {
    for (var path : new String[] {"/login", "/", "/api/deliveries", "/console/console.css"}) {
      var answer = browser.open(path).response();

      assertThat(answer.headers().allValues("Set-Cookie"))
          .as(path)
          .noneMatch(cookie -> cookie.contains("session"));
    }
  }

  @Test
  void givesASessionThatScriptsCannotReadAndThatIsNewAtTheLogin() {
    var login = browser.open("/login");
    var token = login.first("input[name=_csrf]").val();

    var answer =
        browser.send(
            HttpRequest.newBuilder(gateway.api("/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=admin&password=secret&_csrf=" + token)));

    var cookie = answer.response().previousResponse().orElseThrow().headers();
    assertThat(cookie.allValues("Set-Cookie"))
        .filteredOn(value -> value.startsWith("survey-gateway-session="))
        .singleElement()
        .asString()
        .contains("HttpOnly", "SameSite=Lax", "Path=/");
  }

  @Test
  void takesNoLoginThatCameFromNoForm() {
    browser.send(
        HttpRequest.newBuilder(gateway.api("/login"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("username=admin&password=secret")));

    assertThat(browser.open("/").at().getPath()).isEqualTo("/login");
  }

  @Test
  void changesNothingByASessionWithoutItsToken() {
    browser.logIn("secret");

    var answer =
        browser.send(
            HttpRequest.newBuilder(gateway.api("/api/destinations/database/pause"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.response().body()).contains("Expected the token of the form");
    assertThat(gateway.count("SELECT count(*) FROM lane WHERE paused_at IS NOT NULL")).isZero();
  }

  @Test
  void letsAPersonReadTheApiToo() {
    browser.logIn("secret");

    assertThat(browser.open("/api/destinations").status()).isEqualTo(200);
  }

  @Test
  void endsASession() {
    browser.logIn("secret");

    var out = browser.submit(browser.open("/"), "form[action=/logout]", Map.of());

    assertThat(out.at().toString()).endsWith("/login?out");
    assertThat(browser.open("/").at().getPath()).isEqualTo("/login");
  }

  @Test
  void asksForALoginAsOftenAsAPageIsWanted() {
    for (var i = 0; i < 3; i++) {
      assertThat(browser.open("/events").at().getPath()).isEqualTo("/login");
    }
  }

  @Test
  void tellsAPageThatLooksAgainToLoadAnewOnceItsSessionIsOver() {
    var answer = browser.lookAgain("/");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.response().headers().firstValue("HX-Refresh")).contains("true");
    // With it a browser would ask for a password by itself.
    assertThat(answer.response().headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  @Test
  void asksProgramsForBasicWhateverTheyAccept() {
    var answer = browser.open("/api/deliveries");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.response().headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void showsAPersonThatThereIsNoSuchPage() {
    browser.logIn("secret");

    var shown = browser.open("/no/such/page");

    assertThat(shown.status()).isEqualTo(404);
    assertThat(shown.texts("h1")).containsExactly("Not Found 404");
    assertThat(shown.texts("nav[aria-label=Console] a")).contains("Overview");
    assertThat(browser.open("/api/no/such/thing").response().headers().firstValue("Content-Type"))
        .contains("application/problem+json");
  }

  @Test
  void loadsNothingFromElsewhereAndRunsNothingThatStandsInThePage() {
    browser.logIn("secret");

    var shown = browser.open("/");

    assertThat(shown.response().headers().firstValue("Content-Security-Policy"))
        .get()
        .asString()
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe");
    assertThat(shown.page().select("script:not([src]), style, [style], [onclick]")).isEmpty();
    assertThat(shown.page().select("script[src], link[href], img[src]"))
        .allSatisfy(
            part ->
                assertThat(browser.open(part.attr(part.hasAttr("src") ? "src" : "href")).status())
                    .as(part.outerHtml())
                    .isEqualTo(200));
  }

  /** Each link of a page is compared with these; what matches is searched for in the jar. */
  @Test
  void looksForFilesWherePagesAreNot() {
    var files = gateway.get(ResourceUrlProvider.class).getHandlerMap().keySet();

    assertThat(files).containsExactlyInAnyOrder("/console/**", "/webjars/**");
    assertThat(browser.open("/login").page().select("link[rel=stylesheet]").attr("href"))
        .matches("/console/console-[0-9a-f]{32}\\.css");
  }
}
