package io.surveygateway.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.routes.DestinationRoute;
import io.surveygateway.standin.Answer;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackStandIn;
import java.io.File;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code routes/destinations/slack/slack.camel.yaml}, from the outbox to the wire. */
class SlackRouteTest {

  private static final String BLANK = "";

  private SlackStandIn slack;
  private @Nullable DestinationRoute route;

  /** The two ways in which Slack takes messages. */
  enum Mode {
    TOKEN,
    WEBHOOK
  }

  @BeforeEach
  void startSlack() {
    slack = SlackStandIn.start();
  }

  @AfterEach
  void stop() {
    if (route != null) {
      route.close();
    }
    slack.close();
  }

  @ParameterizedTest
  @EnumSource
  void sendsTheBlocksAsTheyWereLaidOut(Mode mode) throws Exception {
    var outcome = deliver(mode, detractor());

    assertThat(outcome.thrown()).isNull();
    assertThat(slack.messages()).hasSize(1);
    var message = slack.messages().get(0);
    assertThat(message.channel()).isEqualTo(SlackStandIn.CHANNEL);
    assertThat(message.text()).startsWith("Detractor 3/10 · Checkout &amp; delivery · Jo Miller");
    assertThat(message.blocks()).isEqualTo(expectedOfDetractor().path("blocks"));
  }

  @Test
  void sendsAWebhookNothingBesideTheMessage() throws Exception {
    deliver(Mode.WEBHOOK, detractor());

    assertThat(slack.messages().get(0).sent().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("text", "blocks", "unfurl_links", "unfurl_media");
  }

  @ParameterizedTest
  @EnumSource
  void letsNoRespondentMentionAnyone(Mode mode) throws Exception {
    deliver(mode, detractor());

    assertThat(slack.messages().get(0).shown() + slack.messages().get(0).text())
        .contains("&lt;!channel&gt; should know")
        .doesNotContain("<!channel>")
        .doesNotContain("javascript:");
  }

  @Test
  void hearsAtOnceThatAWebhookFailed() throws Exception {
    slack.faults().next(Fault.status(500));

    assertThat(failure(Mode.WEBHOOK))
        .isEqualTo(Failure.transientFailure("Slack answered 500 and said no more than the status"));
  }

  @ParameterizedTest
  @EnumSource
  void letsTheErrorHandlingOfACallerSeeARefusal(Mode mode) throws Exception {
    route = route(mode);
    slack
        .faults()
        .next(2, Fault.status(500).when(request -> !request.path().contains("auth.test")));
    var calls =
        """
        - route:
            id: caller
            errorHandler:
              defaultErrorHandler:
                redeliveryPolicy: {maximumRedeliveries: 2, redeliveryDelay: 1}
            from:
              uri: direct:caller
              steps:
                - to: {uri: "direct:slack-send"}
        """;
    PluginHelper.getRoutesLoader(route.context())
        .loadRoutes(ResourceHelper.fromString("caller.yaml", calls));
    var payload = new SlackPayload(BlockKit.fit(expectedOfDetractor()));

    route.context().createProducerTemplate().sendBody("direct:caller", payload);

    assertThat(slack.requests(mode == Mode.TOKEN ? "chat.postMessage" : "/services/")).hasSize(3);
    assertThat(slack.messages()).hasSize(1);
  }

  @Test
  void hearsAtOnceThatTheApiSaidNo() throws Exception {
    slack.faults().next(notOk("is_archived"));

    assertThat(failure(Mode.TOKEN))
        .isEqualTo(
            Failure.permanent(
                "Slack answered 200 and said is_archived:"
                    + " take another channel in SLACK_CHANNEL"));
  }

  @Test
  void hearsWhereSlackFoundFaultWithTheBlocks() throws Exception {
    slack
        .faults()
        .next(
            Fault.answer(
                    Answer.json(
                        200,
                        """
                        {"ok":false,"error":"invalid_blocks",
                         "response_metadata":{"messages":
                           ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/2/text/text]"]}}
                        """))
                .at("chat.postMessage"));

    assertThat(failure(Mode.TOKEN))
        .isEqualTo(
            Failure.permanent(
                "Slack answered 200 and said invalid_blocks at /blocks/2/text/text:"
                    + " mend slack.jq"));
  }

  @ParameterizedTest
  @EnumSource
  void waitsAsLongAsSlackAsks(Mode mode) throws Exception {
    slack
        .faults()
        .next(
            Fault.answer(Answer.json(429, "{\"ok\":false,\"error\":\"ratelimited\"}"))
                .withHeader("Retry-After", "7")
                .when(request -> !request.path().contains("auth.test")));

    var failure = failure(mode);

    assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @EnumSource
  void triesAgainWhenSlackIsAway(Mode mode) throws Exception {
    slack.goDown();

    var failure = failure(mode);

    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure.reason()).startsWith("Slack could not be reached: ");
  }

  @Test
  void asksForNewCredentialsWhenTheTokenIsRefused() throws Exception {
    route = route(SlackStandIn.CHANNEL, "xoxb-wrong", BLANK);

    assertThat(new SlackErrors().classify(route.deliver(detractor()).thrown()))
        .isEqualTo(Failure.auth("Slack answered 200 and said invalid_auth: renew SLACK_TOKEN"));
  }

  @Test
  void takesTheTokenWhereBothAreSet() throws Exception {
    route = route(SlackStandIn.CHANNEL, SlackStandIn.TOKEN, slack.webhookUrl());

    assertThat(route.deliver(detractor()).thrown()).isNull();
    assertThat(slack.requests("/api/chat.postMessage")).hasSize(1);
    assertThat(slack.requests("/services/")).isEmpty();
  }

  @Test
  void takesTheWebhookWhereATokenHasNoChannel() throws Exception {
    route = route(BLANK, SlackStandIn.TOKEN, slack.webhookUrl());

    assertThat(route.deliver(detractor()).thrown()).isNull();
    assertThat(slack.requests("/services/")).hasSize(1);
  }

  @Test
  void startsWithoutAnySettings() throws Exception {
    route = route(BLANK, BLANK, BLANK);

    assertThat(route.context().getRouteController().getRouteStatus("slack").isStarted()).isTrue();
  }

  @Test
  void showsNoSecretInAnyAddress() throws Exception {
    route = route(SlackStandIn.CHANNEL, SlackStandIn.TOKEN, slack.webhookUrl());
    route.deliver(detractor());

    assertThat(route.context().getEndpoints().toString())
        .doesNotContain(SlackStandIn.TOKEN)
        .doesNotContain("/services/");
  }

  @Test
  void namesNoSecretAndNothingOfTheEventInAReason() throws Exception {
    slack.faults().next(Fault.html(502));

    assertThat(failure(Mode.WEBHOOK).reason())
        .isEqualTo("Slack answered 502 and said no more than the status");
  }

  @Test
  void tellsTheOutboxWhatItNeeds() throws Exception {
    route = route(BLANK, BLANK, BLANK);

    assertThat(route.outboxParameters())
        .containsEntry(
            "requires",
            "gateway.slack.webhook-url or gateway.slack.token and gateway.slack.channel")
        .containsEntry("errors", "#slackErrors")
        .hasEntrySatisfying("rate", rate -> assertThat(rate).hasToString("1"));
  }

  private Failure failure(Mode mode) throws Exception {
    var thrown = deliver(mode, detractor()).thrown();
    assertThat(thrown).isNotNull();
    return new SlackErrors().classify(thrown);
  }

  private DestinationRoute.Outcome deliver(Mode mode, JsonNode event) throws Exception {
    route = route(mode);
    return route.deliver(event);
  }

  private DestinationRoute route(Mode mode) throws Exception {
    return mode == Mode.TOKEN
        ? route(SlackStandIn.CHANNEL, SlackStandIn.TOKEN, BLANK)
        : route(BLANK, BLANK, slack.webhookUrl());
  }

  private DestinationRoute route(String channel, String token, String webhookUrl) throws Exception {
    return new DestinationRoute(
        "slack",
        Map.of("gateway.slack.channel", channel, "gateway.slack.server-url", slack.url()),
        camel -> {
          camel.getRegistry().bind("slackText", new SlackText());
          camel.getRegistry().bind("slackMessage", new SlackMessage());
          camel
              .getRegistry()
              .bind(
                  "slackSecrets",
                  new SlackSecrets(new SlackProperties(webhookUrl, token, channel)));
        });
  }

  private static Fault notOk(String error) {
    return Fault.answer(Answer.json(200, "{\"ok\":false,\"error\":\"" + error + "\"}"))
        .at("chat.postMessage");
  }

  private static ObjectNode detractor() throws Exception {
    return read("detractor.json");
  }

  private static ObjectNode expectedOfDetractor() throws Exception {
    return read("detractor.expected.json");
  }

  private static ObjectNode read(String sample) throws Exception {
    return (ObjectNode)
        new ObjectMapper().readTree(new File("routes/destinations/slack/samples", sample));
  }
}
