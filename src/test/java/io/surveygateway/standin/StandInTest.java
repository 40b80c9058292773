package io.surveygateway.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all stand-ins have in common, shown with a small one. */
class StandInTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private Echo echo;

  @BeforeEach
  void start() {
    echo = new Echo();
    echo.listen();
  }

  @AfterEach
  void stop() {
    echo.close();
  }

  @Test
  void answersAndRemembersWhatCame() throws Exception {
    assertThat(post("/a%2Bb/c+d?x=1%202", "hello").body()).isEqualTo("hello");

    var request = echo.requests().get(0);
    assertThat(request).hasToString("POST /a%2Bb/c+d");
    assertThat(request.segments()).containsExactly("a+b", "c+d");
    assertThat(request.query("x")).contains("1 2");
    assertThat(request.text()).isEqualTo("hello");
  }

  @Test
  void hasItsFaultsInTheOrderOfTelling() throws Exception {
    echo.faults().next(2, Fault.status(429).withHeader("Retry-After", "7"));
    echo.faults().next(Fault.html(503));

    var first = post("/", "x");
    assertThat(first.statusCode()).isEqualTo(429);
    assertThat(first.headers().firstValue("Retry-After")).contains("7");
    assertThat(post("/", "x").statusCode()).isEqualTo(429);
    assertThat(post("/", "x").body()).contains("<h1>503 Sorry</h1>");
    assertThat(post("/", "x").statusCode()).isEqualTo(200);
    assertThat(echo.done).isEqualTo(1);
  }

  @Test
  void keepsAFaultForTheRequestsThatItIsMeantFor() throws Exception {
    echo.faults().next(Fault.status(500).at("/login"));

    assertThat(post("/data", "x").statusCode()).isEqualTo(200);
    assertThat(post("/login", "x").statusCode()).isEqualTo(500);
    assertThat(echo.faults().left()).isZero();
  }

  @Test
  void hasALastingFaultUntilItIsCleared() throws Exception {
    echo.faults().always(Fault.status(500));
    assertThat(post("/", "x").statusCode()).isEqualTo(500);
    assertThat(post("/", "x").statusCode()).isEqualTo(500);

    echo.faults().clear();

    assertThat(post("/", "x").statusCode()).isEqualTo(200);
  }

  @Test
  void dropsAConnectionWithoutDoingAnything() {
    echo.faults().next(Fault.drop());

    assertThatThrownBy(() -> post("/", "x")).isInstanceOf(IOException.class);
    assertThat(echo.done).isZero();
  }

  @Test
  void losesAnAnswerAfterDoingWhatWasAsked() {
    echo.faults().next(Fault.lose());

    assertThatThrownBy(() -> post("/", "x")).isInstanceOf(IOException.class);
    assertThat(echo.done).isEqualTo(1);
  }

  @Test
  void cutsAnAnswerInTheMiddle() {
    echo.faults().next(Fault.cut());

    assertThatThrownBy(() -> post("/", "0123456789"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("received: 5");
    assertThat(echo.done).isEqualTo(1);
  }

  @Test
  void takesItsTimeWhenTold() {
    echo.faults().next(Fault.slow(Duration.ofMinutes(1)));
    var hasty =
        HttpRequest.newBuilder(URI.create(echo.url() + "/x"))
            .timeout(Duration.ofMillis(100))
            .build();

    assertThatThrownBy(() -> http.send(hasty, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void isNotToBeReachedWhileItIsDown() throws Exception {
    echo.goDown();
    assertThatThrownBy(() -> post("/", "x")).isInstanceOf(IOException.class);
    assertThat(echo.done).isZero();

    echo.comeBack();

    assertThat(post("/", "x").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesConnectionsOnceItIsClosed() {
    echo.close();

    assertThatThrownBy(() -> post("/", "x")).isInstanceOf(ConnectException.class);
  }

  @Test
  void showsItsPageEvenWhileItIsDown() throws Exception {
    echo.goDown();

    var page =
        http.send(HttpRequest.newBuilder(URI.create(echo.url())).build(), BodyHandlers.ofString());

    assertThat(page.body()).isEqualTo("<p>page</p>");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(echo.requests()).isEmpty();
  }

  @Test
  void keepsNoProcessAlive() {
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("HTTP-Dispatcher"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  @Test
  void escapesWhatAPageShows() {
    assertThat(Page.escape("<a href=\"x\" id='y'>&</a>"))
        .isEqualTo("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(echo.url() + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static final class Echo extends StandIn {

    private volatile int done;

    @Override
    Answer answer(StandInRequest request) {
      done++;
      return Answer.text(200, request.text());
    }

    @Override
    String page() {
      return "<p>page</p>";
    }
  }
}
