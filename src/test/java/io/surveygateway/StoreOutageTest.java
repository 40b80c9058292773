package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What senders see of a store that is full or away, and that all is well again by itself
 * afterwards: the whole gateway, over HTTP.
 */
class StoreOutageTest {

  /** Senders give up soon after; SurveyMonkey is said to do so after ten seconds. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(8);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<SampleRequest> sent = new ArrayList<>();
  private final List<SampleRequest> refused = new ArrayList<>();
  private ConfigurableApplicationContext gateway;
  private String database;
  private TcpProxy wire;
  private int samples;

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
    if (wire != null) {
      wire.close();
    }
  }

  private void start(String... more) throws IOException {
    var folder = Files.createTempDirectory(Path.of("target"), "outage");
    var arguments = new ArrayList<String>();
    arguments.add("--server.port=0");
    arguments.add("--gateway.webhook.port=0");
    arguments.add("--gateway.webhook.address=127.0.0.1");
    arguments.add("--gateway.store.folder=" + folder);
    arguments.add("--gateway.providers.popsee.secret=" + SampleSecrets.DEMO.popsee());
    // What was under way when the store went is free again after it.
    arguments.add("--gateway.store.lease=3s");
    arguments.addAll(List.of(more));
    database = "jdbc:sqlite:" + folder.resolve("gateway.db");
    gateway = new SpringApplicationBuilder(Gateway.class).run(arguments.toArray(String[]::new));
  }

  private void startOnPostgresql() throws IOException {
    database = null;
    var direct = PostgresForTests.newDatabase();
    var address = URI.create(direct.substring("jdbc:".length()));
    wire = new TcpProxy(address.getPort());
    start(
        "--gateway.store.url="
            + direct.replace(":" + address.getPort() + "/", ":" + wire.port() + "/"),
        "--gateway.store.username=postgres");
    database = direct;
  }

  private SampleRequest sample() {
    return SignedSamples.popsee()
        .responseId("00000000-0000-4000-8000-%012d".formatted(++samples))
        .comment("x".repeat(1000))
        .signedWith(SampleSecrets.DEMO.popsee())
        .toRequest();
  }

  private CompletableFuture<HttpResponse<String>> send(SampleRequest sample) {
    var request =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + sample.path()))
            .timeout(LONGEST_ANSWER)
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** Sends new ones, so many at a time, and notes which are to be sent again. */
  private List<HttpResponse<String>> send(int count) {
    return send(IntStream.range(0, count).mapToObj(i -> sample()).toList());
  }

  private List<HttpResponse<String>> send(List<SampleRequest> some) {
    var answers = some.stream().map(this::send).toList();
    for (var i = 0; i < some.size(); i++) {
      (answers.get(i).join().statusCode() == 200 ? sent : refused).add(some.get(i));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private static void assertRefused(List<HttpResponse<String>> answers) {
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(503);
              assertThat(answer.headers().firstValue("Retry-After")).contains("30");
              assertThat(answer.headers().firstValue("Content-Type"))
                  .contains("application/problem+json");
            });
  }

  /** Each as its provider would: again until it is taken. */
  private void sendAgainWhatWasRefused() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var again = List.copyOf(refused);
              refused.clear();
              send(again);
              return refused.isEmpty();
            });
  }

  /** Asked of the database itself, past the gateway and the wire. */
  private List<String> column(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var column = new ArrayList<String>();
      while (rows.next()) {
        column.add(rows.getString(1));
      }
      return column;
    }
  }

  private long requestsKept() throws SQLException {
    return Long.parseLong(column("SELECT count(*) FROM request").get(0));
  }

  private void assertThatAllThatWasTakenArrivesOnce() {
    var keys = sent.stream().flatMap(sample -> sample.responseKeys().stream()).toList();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(column("SELECT response_key FROM survey_response"))
                  .containsExactlyInAnyOrderElementsOf(keys);
              assertThat(column("SELECT DISTINCT state FROM inbox")).containsExactly("done");
              assertThat(
                      column(
                          "SELECT state FROM delivery WHERE destination = 'database' AND state <>"
                              + " 'delivered'"))
                  .isEmpty();
            });
  }

  private JdbcTemplate writes() {
    return new JdbcTemplate(gateway.getBean("storeDataSource", DataSource.class));
  }

  @Test
  void refusesWhileTheDiskIsFullAndTakesAllOnceThereIsRoom() throws Exception {
    start();
    assertThat(send(5)).extracting(HttpResponse::statusCode).containsOnly(200);
    var most = writes().queryForObject("PRAGMA max_page_count", Long.class);
    var pages = writes().queryForObject("PRAGMA page_count", Long.class);

    writes().queryForObject("PRAGMA max_page_count = " + (pages + 100), Long.class);
    await().atMost(Duration.ofSeconds(60)).until(() -> !send(20).isEmpty() && !refused.isEmpty());
    var whileFull = send(20);

    // A last free page may take one more; whatever was answered 200 is there.
    assertThat(whileFull).extracting(HttpResponse::statusCode).contains(503);
    assertRefused(whileFull.stream().filter(answer -> answer.statusCode() != 200).toList());
    assertThat(requestsKept()).isEqualTo(sent.size());

    writes().queryForObject("PRAGMA max_page_count = " + most, Long.class);
    sendAgainWhatWasRefused();
    assertThatAllThatWasTakenArrivesOnce();
  }

  @Test
  void refusesWhileTheServerIsAwayAndTakesAllOnceItIsBack() throws Exception {
    startOnPostgresql();
    assertThat(send(5)).extracting(HttpResponse::statusCode).containsOnly(200);

    wire.cut();
    assertRefused(send(20));
    assertRefused(send(5));
    assertThat(requestsKept()).isEqualTo(5);

    wire.mend();
    sendAgainWhatWasRefused();
    assertThatAllThatWasTakenArrivesOnce();
  }

  @Test
  void refusesInTimeWhileTheServerSaysNothingAndTakesAllOnceItAnswers() throws Exception {
    startOnPostgresql();
    assertThat(send(5)).extracting(HttpResponse::statusCode).containsOnly(200);

    wire.swallow();
    assertRefused(send(20));
    assertRefused(send(5));

    wire.mend();
    sendAgainWhatWasRefused();
    assertThatAllThatWasTakenArrivesOnce();
  }

  @Test
  void answersNo200ForWhatIsNotKeptThoughTheServerComesAndGoes() throws Exception {
    startOnPostgresql();
    for (var i = 0; i < 10; i++) {
      var some = IntStream.range(0, 20).mapToObj(n -> sample()).toList();
      var answers = some.stream().map(this::send).toList();
      answers.get(i).join();
      wire.cut();
      for (var n = 0; n < some.size(); n++) {
        var status = answers.get(n).join().statusCode();
        assertThat(status).isIn(200, 503);
        (status == 200 ? sent : refused).add(some.get(n));
      }
      // A refused one may be kept too: the answer to a commit can be lost.
      assertThat(requestsKept()).isGreaterThanOrEqualTo(sent.size());
      wire.mend();
      sendAgainWhatWasRefused();
    }
    assertThatAllThatWasTakenArrivesOnce();
  }
}
