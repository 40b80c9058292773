package io.surveygateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.surveygateway.failure.Failure;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackMessage;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.WebhookReceiverStandIn;
import io.surveygateway.store.Counter;
import io.surveygateway.store.Counters;
import io.surveygateway.store.Counts;
import io.surveygateway.store.Dialect;
import io.surveygateway.store.Ids;
import io.surveygateway.store.LaneState.Trouble;
import io.surveygateway.store.OutboxStore;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.Store;
import io.surveygateway.store.StoreForTests;
import io.surveygateway.store.Troubles;
import io.surveygateway.store.Work.State;
import io.surveygateway.upkeep.GapLooks;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.upkeep.SharedJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Alerts from the store's rows to Slack, a signed webhook and the log, on both stores. */
class AlertWatchTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Duration TURN = Duration.ofSeconds(30);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final SlackStandIn slack = SlackStandIn.start();
  private final List<AlertWatch> gateways = new ArrayList<>();
  private StoreForTests store;
  private WebhookReceiverStandIn receiver;

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() {
    logger().detachAppender(log);
    slack.close();
    if (receiver != null) {
      receiver.close();
    }
    store.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.surveygateway.alerts");
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    receiver = WebhookReceiverStandIn.start(store.clock, SECRET);
    gateways.add(gateway());
  }

  private AlertSettings settings() {
    return new AlertSettings(
        TURN,
        Duration.ofMinutes(10),
        Duration.ZERO,
        1,
        Duration.ofHours(1),
        Duration.ofMinutes(2),
        Duration.ofHours(24),
        new AlertSettings.Silent(Duration.ofHours(1), 10),
        slack.webhookUrl(),
        new AlertSettings.Webhook(receiver.url() + "/alerts", SECRET));
  }

  /** One more, as another process on the same store, or the same after a restart. */
  private AlertWatch gateway() {
    var settings = settings();
    var clock = store.clock;
    var counters = store.get(Counters.class);
    var http = new AlertHttp(Duration.ofSeconds(20));
    var channels =
        List.<AlertChannel>of(
            new SlackAlerts(settings, http), new WebhookAlerts(settings, http, clock));
    var alerts = new AlertStore(store.get(Store.class), store.get(Ids.class));
    var looks = new GapLooks(store.get(Store.class), clock);
    return new AlertWatch(
        alerts,
        List.of(
            new DestinationFindings(
                () -> List.of("crm", "slack"),
                counters,
                new Troubles(store.get(Store.class)),
                store.get(Pauses.class),
                settings,
                clock),
            new ProviderFindings(
                () -> List.of("popsee"),
                counters,
                new Silence(counters, settings.silent(), clock),
                looks::last,
                settings,
                clock)),
        channels,
        new AlertSender(alerts, channels, clock, new Random(1)),
        new SharedJobs(store.get(Store.class), clock),
        settings,
        clock);
  }

  /** Lets time go by, with a turn of each gateway every 30 seconds. */
  private void pass(Duration time) {
    pass(time, TURN);
  }

  private void pass(Duration time, Duration turn) {
    for (var left = time; !left.isNegative() && !left.isZero(); left = left.minus(turn)) {
      store.clock.advance(turn);
      gateways.forEach(AlertWatch::run);
    }
  }

  private void trouble(String destination, Trouble trouble) {
    store.get(OutboxStore.class).change(destination, lane -> lane.in(trouble, true));
  }

  private Trouble fails(Failure.Kind kind, String reason) {
    return new Trouble(kind, reason, 1, store.clock.instant());
  }

  private void count(Counts counts) {
    store
        .get(Store.class)
        .write(
            jdbc -> {
              store.get(Counters.class).add(jdbc, counts);
              return null;
            });
  }

  private void park(int deliveries) {
    count(
        new Counts()
            .add(Counter.DELIVERIES_MADE, "crm", deliveries)
            .deliveriesMoved("crm", State.WAITING, State.PARKED, deliveries));
  }

  private List<String> toSlack() {
    return slack.messages().stream().map(SlackMessage::text).toList();
  }

  private List<String> toLog() {
    return log.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfADestinationThatHasFailedForLongAndWhenItTakesDeliveriesAgain(Dialect dialect) {
    open(dialect);
    count(new Counts().add(Counter.DELIVERIES_MADE, "crm", 4));
    trouble("crm", fails(Failure.Kind.TRANSIENT, "503 & <!channel> maintenance"));

    pass(Duration.ofMinutes(10));
    assertThat(toLog()).isEmpty();
    pass(Duration.ofMinutes(1));
    trouble("crm", null);
    pass(Duration.ofMinutes(3));

    assertThat(toLog())
        .containsExactly(
            "WARN ALERT: crm: it fails, and 4 deliveries wait: 503 & <!channel> maintenance",
            "INFO ALERT over: crm: it does not fail any more, after 13 min");
    assertThat(toSlack())
        .containsExactly(
            ":red_circle: survey-gateway, crm: it fails, and 4 deliveries wait: 503 &amp;"
                + " &lt;!channel&gt; maintenance",
            ":large_green_circle: survey-gateway, crm: it does not fail any more, after 13 min");
    assertThat(receiver.requests()).hasSize(2);
    var first = receiver.events().values().iterator().next();
    assertThat(first.path("type").asText()).isEqualTo("gateway.alerts");
    var alert = first.at("/data/alerts/0");
    assertThat(alert.path("change").asText()).isEqualTo("raised");
    assertThat(alert.path("kind").asText()).isEqualTo("destination-failing");
    assertThat(alert.path("destination").asText()).isEqualTo("crm");
    assertThat(alert.path("since").asText()).isEqualTo("2026-03-02T09:00:30Z");
    assertThat(alert.path("text").asText()).contains("503 & <!channel> maintenance");
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfRefusedCredentialsAtOnce(Dialect dialect) {
    open(dialect);
    trouble("slack", fails(Failure.Kind.AUTH, "invalid_auth"));

    pass(TURN);

    assertThat(toLog())
        .containsExactly(
            "ERROR ALERT: slack: it refuses our credentials, and 0 deliveries wait: invalid_auth");
  }

  @ParameterizedTest
  @EnumSource
  void makesOneMessageOfAllThatOneLookFinds(Dialect dialect) {
    open(dialect);
    park(3);
    trouble("slack", fails(Failure.Kind.AUTH, "invalid_auth"));
    count(
        new Counts()
            .add(Counter.REQUESTS_ACCEPTED, "popsee", 1)
            .requestsMoved("popsee", State.WAITING, State.PARKED, 1));

    pass(TURN);
    park(500);
    pass(Duration.ofMinutes(5));

    assertThat(toSlack())
        .containsExactly(
            """
            :red_circle: survey-gateway, crm: 3 of its deliveries are parked and wait for a person: /api/deliveries?state=parked&amp;destination=crm
            :red_circle: survey-gateway, slack: it refuses our credentials, and 0 deliveries wait: invalid_auth
            :red_circle: survey-gateway, popsee: 1 of its requests is parked and waits for a person: /api/requests?state=parked&amp;provider=popsee""");
    assertThat(receiver.events().values()).hasSize(1);
    assertThat(receiver.events().values().iterator().next().at("/data/alerts")).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfADeliveryThatHasWaitedForLong(Dialect dialect) {
    open(dialect);
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "INSERT INTO delivery (id, event_id, destination, subject, event_time, state,"
                        + " due_at, created_at) VALUES (1, 1, 'crm', 'popsee:r-1', 0, 'waiting', ?,"
                        + " ?)",
                    store.clock.millis(),
                    store.clock.millis()));
    count(new Counts().add(Counter.DELIVERIES_MADE, "crm", 1));
    store.get(Pauses.class).pause("outbox:crm", "ada", "new fields");

    pass(Duration.ofHours(1));
    assertThat(toLog()).isEmpty();
    pass(TURN);

    assertThat(toLog())
        .containsExactly(
            "WARN ALERT: crm: its oldest delivery has waited for 1 h, and 1 wait; it is paused by"
                + " ada since 2026-03-02T09:00:00Z: new fields");
  }

  /** From nine to five, Monday to Friday: silence at night and on Sunday is no news. */
  private void sendForWeeks(int weeks) {
    var end = store.clock.instant().plus(Duration.ofDays(7L * weeks));
    while (store.clock.instant().isBefore(end)) {
      var hour = store.clock.instant().atOffset(java.time.ZoneOffset.UTC);
      if (hour.getHour() >= 9 && hour.getHour() < 17 && hour.getDayOfWeek().getValue() < 6) {
        count(new Counts().add(Counter.REQUESTS_ACCEPTED, "popsee", 20));
      }
      store.clock.advance(Duration.ofHours(1));
      gateways.forEach(AlertWatch::run);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfAProviderThatIsSilentWhenItUsuallyTalks(Dialect dialect) {
    open(dialect);
    sendForWeeks(3);
    assertThat(toLog()).as("nights and weekends").isEmpty();
    assertThat(store.clock.instant()).isEqualTo(Instant.parse("2026-03-23T09:00:00Z"));

    pass(Duration.ofMinutes(59));
    assertThat(toLog()).as("an hour has not passed").isEmpty();
    pass(Duration.ofMinutes(1));
    count(new Counts().add(Counter.REQUESTS_REFUSED, "popsee", "401", 7));
    pass(Duration.ofHours(60), Duration.ofMinutes(30));

    assertThat(toLog().get(0))
        .isEqualTo(
            "WARN ALERT: popsee: it has sent nothing since 2026-03-20T17:00:00Z; in the same hours it"
                + " sent 20 requests last week and 20 the week before. Is its webhook still there,"
                + " and on?");
    assertThat(toLog()).as("again after a day each").hasSize(3);

    count(new Counts().add(Counter.REQUESTS_ACCEPTED, "popsee", 1));
    pass(Duration.ofMinutes(3));
    assertThat(toLog())
        .last()
        .asString()
        .startsWith("INFO ALERT over: popsee: it is not silent any more, after");
  }

  @Test
  void takesNoProviderForOneThatUsuallyTalksBeforeTwoWeeksSaySo() {
    open(Dialect.SQLITE);
    sendForWeeks(1);

    pass(Duration.ofDays(1), Duration.ofMinutes(30));

    assertThat(toLog()).isEmpty();
  }

  @Test
  void saysThatASilentProviderIsRefused() {
    open(Dialect.SQLITE);
    sendForWeeks(3);
    count(new Counts().add(Counter.REQUESTS_REFUSED, "popsee", "401", 7));

    pass(Duration.ofHours(1));

    assertThat(toLog())
        .singleElement()
        .asString()
        .endsWith("7 of its requests were refused meanwhile: /api/refusals");
  }

  @Test
  void doesNotTakeASilenceForUsualOnceItHasLastedForWeeks() {
    open(Dialect.SQLITE);
    sendForWeeks(3);
    pass(Duration.ofDays(30), Duration.ofDays(1));

    assertThat(toLog()).hasSize(30).noneMatch(line -> line.contains("over"));
  }

  @Test
  void tellsOfASurveyThatItsProviderSaysNothingOf() {
    open(Dialect.SQLITE);
    var since = store.clock.instant().minus(Duration.ofDays(2));
    new GapLooks(store.get(Store.class), store.clock)
        .keep("popsee", new Look("310044821", store.clock.instant(), null, 3, 0, 0, since));

    pass(TURN);

    assertThat(toLog())
        .containsExactly(
            "WARN ALERT: popsee: it has sent nothing of survey 310044821 since"
                + " 2026-02-28T09:00:00Z, which is long for it: are its webhooks still there, and"
                + " the surveys open?");
  }

  @ParameterizedTest
  @EnumSource
  void saysOnceWhatSeveralGatewaysSeeAndNothingAgainAfterARestart(Dialect dialect) {
    open(dialect);
    gateways.add(gateway());
    park(1);
    pass(Duration.ofMinutes(5));

    gateways.clear();
    gateways.add(gateway());
    pass(Duration.ofMinutes(5));

    assertThat(toLog()).hasSize(1);
    assertThat(toSlack()).hasSize(1);
    assertThat(receiver.requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void triesAChannelThatIsDownAgainAndHoldsUpNoOther(Dialect dialect) {
    open(dialect);
    slack.faults().always(Fault.status(500));
    park(1);

    pass(Duration.ofMinutes(5));
    assertThat(receiver.requests()).hasSize(1);
    assertThat(slack.requests()).as("bounded").hasSizeBetween(3, 5);
    gateways.clear();
    gateways.add(gateway());
    slack.faults().clear();
    pass(Duration.ofMinutes(5));

    assertThat(toSlack()).hasSize(1);
    assertThat(toLog())
        .filteredOn(line -> line.contains("do not arrive"))
        .containsExactly(
            "WARN Alerts do not arrive by slack, each is tried 10 times in three hours and then left"
                + " to the log: Slack answered 500");
  }

  @Test
  void givesAMessageUpAfterTenTries() {
    open(Dialect.SQLITE);
    slack.faults().always(Fault.drop());
    park(1);

    pass(Duration.ofHours(6), Duration.ofMinutes(5));

    assertThat(slack.requests()).hasSize(AlertSender.ATTEMPTS);
    assertThat(store.count("SELECT count(*) FROM alert_notice")).isZero();
    assertThat(toLog()).hasSize(2);
  }

  @Test
  void keepsNoMoreMessagesForAChannelThanABoundedNumber() {
    open(Dialect.SQLITE);
    slack.faults().always(Fault.status(500).withHeader("Retry-After", "86400"));

    for (var i = 0; i < 60; i++) {
      park(1);
      pass(TURN);
      count(new Counts().deliveriesMoved("crm", State.PARKED, State.CANCELLED, 1));
      pass(Duration.ofMinutes(3));
    }

    assertThat(store.count("SELECT count(*) FROM alert_notice")).isEqualTo(AlertStore.MOST_NOTICES);
    assertThat(receiver.requests()).hasSize(120);
  }

  @ParameterizedTest
  @EnumSource
  void writesNothingWhileNothingChanges(Dialect dialect) {
    open(dialect);
    park(1);
    pass(TURN);
    store.get(Store.class).write(jdbc -> jdbc.update("UPDATE alert SET text = 'untouched'"));

    pass(Duration.ofHours(1));

    assertThat(store.text("SELECT text FROM alert")).isEqualTo("untouched");
  }

  @Test
  void staysOffWhereItsSettingsWillNotDoAndKeepsNoMessage() {
    open(Dialect.SQLITE);
    park(1);
    slack.faults().always(Fault.status(500));
    pass(TURN);
    assertThat(store.count("SELECT count(*) FROM alert_notice")).isEqualTo(1);

    var off = new AlertSettings.Webhook("https://user@", "whsec_short");
    var channels =
        List.of(
            new SlackAlerts(withChannels("http://hooks.slack.com/x", off), http()),
            new SlackAlerts(withChannels(" ", off), http()),
            new WebhookAlerts(withChannels(null, off), http(), store.clock),
            new WebhookAlerts(
                withChannels(null, new AlertSettings.Webhook("no address", SECRET)),
                http(),
                store.clock));
    sender(channels.get(0)).send(Instant.MAX);

    assertThat(channels)
        .extracting(AlertChannel::offBecause)
        .satisfiesExactly(
            why ->
                assertThat(why)
                    .isEqualTo(
                        "GATEWAY_ALERTS_SLACK_URL is no address that begins with https:// and a host"),
            why -> assertThat(why).startsWith("set GATEWAY_ALERTS_SLACK_URL to "),
            why -> assertThat(why).startsWith("GATEWAY_ALERTS_WEBHOOK_"),
            why ->
                assertThat(why)
                    .isEqualTo(
                        "GATEWAY_ALERTS_WEBHOOK_URL is no address that begins with https:// and a"
                            + " host"));
    assertThat(store.count("SELECT count(*) FROM alert_notice")).isZero();
    assertThat(slack.requests()).hasSize(1);
  }

  private AlertSender sender(AlertChannel channel) {
    var alerts = new AlertStore(store.get(Store.class), store.get(Ids.class));
    return new AlertSender(alerts, List.of(channel), store.clock, new Random(1));
  }

  private static AlertHttp http() {
    return new AlertHttp(Duration.ofSeconds(20));
  }

  private AlertSettings withChannels(String slackUrl, AlertSettings.Webhook webhook) {
    var plain = settings();
    return new AlertSettings(
        plain.interval(),
        plain.failingAfter(),
        plain.refusedAfter(),
        plain.parkedFrom(),
        plain.waitingLongerThan(),
        plain.clearedAfter(),
        plain.stillAfter(),
        plain.silent(),
        slackUrl,
        webhook);
  }
}
