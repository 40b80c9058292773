package io.surveygateway.standin;

import static com.slack.api.model.block.Blocks.asBlocks;
import static com.slack.api.model.block.Blocks.context;
import static com.slack.api.model.block.Blocks.divider;
import static com.slack.api.model.block.Blocks.header;
import static com.slack.api.model.block.Blocks.image;
import static com.slack.api.model.block.Blocks.section;
import static com.slack.api.model.block.composition.BlockCompositions.markdownText;
import static com.slack.api.model.block.composition.BlockCompositions.plainText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.response.chat.ChatPostMessageResponse;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.webhook.Payload;
import com.slack.api.webhook.WebhookResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in as Slack's own Java client sees it. */
class SlackStandInTest {

  private SlackStandIn slack;
  private Slack client;
  private MethodsClient methods;

  @BeforeEach
  void start() {
    slack = SlackStandIn.start();
    var config = new SlackConfig();
    config.setMethodsEndpointUrlPrefix(slack.url() + "/api/");
    client = Slack.getInstance(config);
    methods = client.methods(SlackStandIn.TOKEN);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    slack.close();
  }

  @Test
  void saysWhoTheTokenBelongsTo() throws Exception {
    var who = methods.authTest(request -> request);

    assertThat(who.isOk()).isTrue();
    assertThat(who.getTeamId()).isEqualTo("T000");
  }

  @Test
  void takesAMessageWithBlocks() throws Exception {
    var answer =
        post(
            SlackStandIn.CHANNEL,
            "Score 9",
            asBlocks(
                header(h -> h.text(plainText("Checkout feedback"))),
                section(s -> s.text(markdownText("*9* of 10"))),
                section(s -> s.fields(List.of(markdownText("*Who*\nAda"), plainText("Très 👍")))),
                divider(),
                image(i -> i.imageUrl("https://example.org/a.png").altText("a face")),
                context(c -> c.elements(List.of(markdownText("popsee"))))));

    assertThat(answer.getError()).isNull();
    assertThat(answer.getTs()).isNotEmpty();
    assertThat(slack.messages()).hasSize(1);
    var message = slack.messages().get(0);
    assertThat(message.channel()).isEqualTo("#survey-alerts");
    assertThat(message.text()).isEqualTo("Score 9");
    assertThat(message.blocks()).hasSize(6);
    assertThat(message.shown())
        .isEqualTo("Checkout feedback\n*9* of 10\n*Who*\nAda\nTrès 👍\npopsee\n");
  }

  @Test
  void keepsMessagesInTheirOrder() throws Exception {
    post("survey-alerts", "first", List.of());
    post("C000000001", "second", List.of());
    webhook(Payload.builder().text("third").build());

    assertThat(slack.messages())
        .extracting(SlackMessage::text)
        .containsExactly("first", "second", "third");
    assertThat(slack.messages()).extracting(SlackMessage::ts).doesNotHaveDuplicates();
  }

  @Test
  void refusesATokenThatItDoesNotKnow() throws Exception {
    var stranger = client.methods("xoxb-other");

    assertThat(stranger.chatPostMessage(r -> r.channel("#x").text("x")).getError())
        .isEqualTo("invalid_auth");
    assertThat(send(HttpRequest.newBuilder(URI.create(slack.url() + "/api/auth.test"))))
        .isEqualTo("{\"ok\":false,\"error\":\"not_authed\"}");
  }

  @Test
  void refusesAChannelThatItDoesNotHave() throws Exception {
    assertThat(post("#nowhere", "x", List.of()).getError()).isEqualTo("channel_not_found");

    slack.addChannel("#nowhere");

    assertThat(post("#nowhere", "x", List.of()).isOk()).isTrue();
  }

  @Test
  void refusesAMessageThatNotificationsCannotShow() throws Exception {
    assertThat(post(SlackStandIn.CHANNEL, null, asBlocks(divider())).getError())
        .isEqualTo("no_text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"section"}                                                            | must define either `text` or `fields` [json-pointer:/blocks/0]
          {"type":"section","text":{"type":"mrkdwn","text":""}}                         | must be more than 0 characters [json-pointer:/blocks/0/text/text]
          {"type":"section","text":{"type":"markdown","text":"x"}}                      | unsupported type: markdown [json-pointer:/blocks/0/text/type]
          {"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}           | invalid additional property: emoji [json-pointer:/blocks/0/text]
          {"type":"section","blockId":"b","text":{"type":"mrkdwn","text":"x"}}          | invalid additional property: blockId [json-pointer:/blocks/0]
          {"type":"header","text":{"type":"mrkdwn","text":"x"}}                         | must be plain_text [json-pointer:/blocks/0/text/type]
          {"type":"image","image_url":"https://example.org/a.png"}                      | missing required field: alt_text [json-pointer:/blocks/0]
          {"type":"image","image_url":"https://example.org/a.png","altText":"a"}        | invalid additional property: altText [json-pointer:/blocks/0]
          {"type":"context","elements":[]}                                              | must be an array of at least one item [json-pointer:/blocks/0/elements]
          {"type":"actions","elements":[{"type":"knob"}]}                               | unsupported type: knob [json-pointer:/blocks/0/elements/0/type]
          {"type":"carousel"}                                                           | unsupported type: carousel [json-pointer:/blocks/0/type]
          """)
  void refusesABlockThatSlackWouldNotShow(String block, String reason) throws Exception {
    var answer =
        methods.chatPostMessage(
            r -> r.channel(SlackStandIn.CHANNEL).text("x").blocksAsString("[" + block + "]"));

    assertThat(answer.getError()).isEqualTo("invalid_blocks");
    assertThat(answer.getErrors()).contains(reason);
    assertThat(slack.messages()).isEmpty();
  }

  @Test
  void refusesTextsThatAreTooLong() throws Exception {
    assertThat(errorsOf(section(s -> s.text(markdownText("👍".repeat(3000)))))).isEmpty();
    assertThat(errorsOf(section(s -> s.text(markdownText("x".repeat(3001))))))
        .containsExactly("must be less than 3001 characters [json-pointer:/blocks/0/text/text]");
    assertThat(errorsOf(header(h -> h.text(plainText("x".repeat(151))))))
        .containsExactly("must be less than 151 characters [json-pointer:/blocks/0/text/text]");
    assertThat(errorsOf(section(s -> s.fields(List.of(plainText("x".repeat(2001)))))))
        .containsExactly(
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]");
  }

  @Test
  void refusesMoreThanSlackShows() throws Exception {
    var eleven = Collections.nCopies(11, plainText("x"));
    assertThat(errorsOf(section(s -> s.fields(new ArrayList<>(eleven)))))
        .containsExactly("no more than 10 items allowed [json-pointer:/blocks/0/fields]");
    assertThat(post(SlackStandIn.CHANNEL, "x", Collections.nCopies(51, divider())).getErrors())
        .containsExactly("no more than 50 items allowed [json-pointer:/blocks]");
    assertThat(post(SlackStandIn.CHANNEL, "x", Collections.nCopies(50, divider())).isOk()).isTrue();
  }

  @Test
  void refusesBlocksThatAreTooLongTogether() throws Exception {
    LayoutBlock long_ = section(s -> s.text(markdownText("x".repeat(2900))));

    assertThat(post(SlackStandIn.CHANNEL, "x", Collections.nCopies(5, long_)).getError())
        .isEqualTo("msg_blocks_too_long");
  }

  @Test
  void refusesBlocksThatAreNoList() throws Exception {
    var answer =
        methods.chatPostMessage(
            r -> r.channel(SlackStandIn.CHANNEL).text("x").blocksAsString("{\"blocks\":[]}"));

    assertThat(answer.getError()).isEqualTo("invalid_blocks_format");
  }

  @Test
  void takesJsonAsWellAsAForm() throws Exception {
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(slack.url() + "/api/chat.postMessage"))
                .header("Authorization", "Bearer " + SlackStandIn.TOKEN)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"channel":"#survey-alerts","text":"Très bien",
                         "blocks":[{"type":"divider"}]}
                        """)));

    assertThat(answer).contains("\"ok\":true");
    assertThat(slack.messages().get(0).text()).isEqualTo("Très bien");
  }

  @Test
  void answersAWebhookInPlainWords() throws Exception {
    var taken = webhook(Payload.builder().text("hello").blocks(asBlocks(divider())).build());
    var refused =
        webhook(
            Payload.builder()
                .text("hello")
                .blocks(asBlocks(header(h -> h.text(plainText("")))))
                .build());

    assertThat(taken.getCode()).isEqualTo(200);
    assertThat(taken.getBody()).isEqualTo("ok");
    assertThat(refused.getCode()).isEqualTo(400);
    assertThat(refused.getBody()).isEqualTo("invalid_blocks");
    assertThat(slack.messages()).hasSize(1);
  }

  @Test
  void knowsNoOtherWebhook() throws Exception {
    var answer = client.send(slack.url() + "/services/T000/B000/revoked", "{\"text\":\"x\"}");

    assertThat(answer.getCode()).isEqualTo(404);
    assertThat(answer.getBody()).isEqualTo("no_service");
  }

  @Test
  void refusesAWebhookPayloadThatIsNoJson() throws Exception {
    var answer = client.send(slack.webhookUrl(), "{\"text\":");

    assertThat(answer.getCode()).isEqualTo(400);
    assertThat(answer.getBody()).isEqualTo("invalid_payload");
  }

  @Test
  void takesOneMessageASecondForEachChannelWhenLimited() throws Exception {
    var clock = new ManualClock();
    slack.limitRate(clock);
    slack.addChannel("#other");
    post(SlackStandIn.CHANNEL, "1", List.of());

    var refused =
        catchThrowableOfType(
            SlackApiException.class, () -> post(SlackStandIn.CHANNEL, "2", List.of()));
    assertThat(refused.getResponse().code()).isEqualTo(429);
    assertThat(refused.getResponse().header("Retry-After")).isEqualTo("1");
    assertThat(refused.getError().getError()).isEqualTo("ratelimited");
    assertThat(webhook(Payload.builder().text("2").build()).getCode()).isEqualTo(429);
    assertThat(post("#other", "2", List.of()).isOk()).isTrue();

    clock.now = clock.now.plus(Duration.ofSeconds(1));
    assertThat(post(SlackStandIn.CHANNEL, "3", List.of()).isOk()).isTrue();
  }

  @Test
  void showsMessagesToPeopleWithoutTrustingThem() throws Exception {
    post(
        SlackStandIn.CHANNEL,
        "<script>alert(1)</script>",
        asBlocks(
            header(h -> h.text(plainText("Score & more"))),
            section(
                s ->
                    s.text(
                        markdownText(
                            "*Bold* &lt;b&gt; <https://example.org/?a=1&amp;b=\"|a \"link\">"
                                + " <!channel> <javascript:alert(1)|no>")))));

    var page = send(HttpRequest.newBuilder(URI.create(slack.url())));

    assertThat(page)
        .contains("1 message, newest first")
        .contains("<h3>Score &amp; more</h3>")
        .contains("<strong>Bold</strong> &lt;b&gt;")
        .contains("href=\"https://example.org/?a=1&amp;b=&quot;\">a &quot;link&quot;</a>")
        .contains("<span class=\"mention\">!channel</span>")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script")
        .doesNotContain("javascript:");
  }

  private List<String> errorsOf(LayoutBlock block) throws Exception {
    var errors = post(SlackStandIn.CHANNEL, "x", List.of(block)).getErrors();
    return errors == null ? List.of() : errors;
  }

  private ChatPostMessageResponse post(String channel, String text, List<LayoutBlock> blocks)
      throws Exception {
    return methods.chatPostMessage(r -> r.channel(channel).text(text).blocks(blocks));
  }

  private WebhookResponse webhook(Payload payload) throws Exception {
    return client.send(slack.webhookUrl(), payload);
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
  }

  private static final class ManualClock extends Clock {

    private Instant now = Instant.parse("2026-03-02T09:16:55Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
