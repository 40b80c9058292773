package io.surveygateway.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.response.chat.ChatPostMessageResponse;
import com.slack.api.webhook.WebhookResponse;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.failure.FailureException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Slack's words and statuses mean. */
class SlackErrorsTest {

  private final SlackErrors errors = new SlackErrors();

  @ParameterizedTest
  @CsvSource({
    "channel_not_found, PERMANENT",
    "not_in_channel, PERMANENT",
    "is_archived, PERMANENT",
    "invalid_blocks, PERMANENT",
    "msg_too_long, PERMANENT",
    "msg_blocks_too_long, PERMANENT",
    "restricted_action, PERMANENT",
    "invalid_auth, AUTH",
    "not_authed, AUTH",
    "token_revoked, AUTH",
    "token_expired, AUTH",
    "account_inactive, AUTH",
    "missing_scope, AUTH",
    "ratelimited, RATE_LIMITED",
    "rate_limited, RATE_LIMITED",
    "internal_error, TRANSIENT",
    "fatal_error, TRANSIENT",
    "service_unavailable, TRANSIENT",
    "a_word_of_tomorrow, TRANSIENT",
  })
  void readsTheWordOfTheApi(String word, Kind kind) {
    var failure = errors.classify(notOk(word));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.reason()).startsWith("Slack answered 200 and said " + word);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_payload, PERMANENT",
    "400, user_not_found, PERMANENT",
    "400, no_text, PERMANENT",
    "403, action_prohibited, AUTH",
    "403, invalid_token, AUTH",
    "404, no_service, AUTH",
    "404, channel_not_found, PERMANENT",
    "404, <html>, AUTH",
    "410, channel_is_archived, AUTH",
    "429, rate_limited, RATE_LIMITED",
    "500, rollup_error, TRANSIENT",
    "502, <html>, TRANSIENT",
    "503, service_unavailable, TRANSIENT",
    "408, '', TRANSIENT",
  })
  void readsStatusAndWordOfAWebhook(int status, String body, Kind kind) {
    assertThat(errors.classify(webhook(status, body, Map.of())).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "0, 0", "3600, 3600", "999999999, 3600"})
  void waitsAsLongAsAWebhookAsksButAnHourAtMost(String asked, long seconds) {
    var answer = webhook(429, "rate_limited", Map.of("retry-after", List.of(asked)));

    assertThat(errors.classify(answer).retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"})
  void waitsAsItSeesFitWhereSlackIsNotClear(String asked) {
    var answer = webhook(429, "rate_limited", Map.of("retry-after", List.of(asked)));

    assertThat(errors.classify(answer))
        .isEqualTo(errors.classify(webhook(429, "rate_limited", Map.of())));
    assertThat(errors.classify(answer).retryAfter()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "429, '{\"ok\":false,\"error\":\"ratelimited\"}', 30, RATE_LIMITED",
    "500, '{\"ok\":false,\"error\":\"internal_error\"}', , TRANSIENT",
    "503, '<html>', , TRANSIENT",
    "401, '{\"ok\":false,\"error\":\"invalid_auth\"}', , AUTH",
    "400, '{\"ok\":false,\"error\":\"invalid_blocks\"}', , PERMANENT",
  })
  void readsARefusedCallOfTheApi(int status, String body, Long retryAfter, Kind kind) {
    var builder =
        new Response.Builder()
            .request(new Request.Builder().url("https://slack.com/api/chat.postMessage").build())
            .protocol(Protocol.HTTP_1_1)
            .code(status)
            .message("");
    if (retryAfter != null) {
      builder.header("Retry-After", retryAfter.toString());
    }

    var failure =
        errors.classify(new RuntimeCamelException(new SlackApiException(builder.build(), body)));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.retryAfter())
        .isEqualTo(retryAfter == null ? null : Duration.ofSeconds(retryAfter));
  }

  @Test
  void triesAgainWhatNeverArrived() {
    for (var thrown :
        List.of(
            new SocketTimeoutException("https://hooks.slack.com/services/T0/B0/secret"),
            new ConnectException("slack.com/1.2.3.4:443"),
            new IOException("unexpected end of stream"))) {
      var failure = errors.classify(new RuntimeCamelException(thrown));

      assertThat(failure)
          .isEqualTo(
              Failure.transientFailure(
                  "Slack could not be reached: " + thrown.getClass().getSimpleName()));
    }
  }

  @Test
  void passesOnWhatIsUnderstoodAlready() {
    var known = Failure.permanent("mend slack.jq");

    assertThat(errors.classify(new RuntimeCamelException(new FailureException(known))))
        .isEqualTo(known);
  }

  @Test
  void parksAnEventThatCannotBeLaidOut() {
    assertThat(
            errors.classify(
                new RuntimeCamelException(new JsonQueryException("Cannot index \"Jo Miller\""))))
        .isEqualTo(Failure.permanent("slack.jq: The mapping failed: Cannot index …"));
  }

  @Test
  void quotesNothingButWords() {
    var failure =
        errors.classify(
            webhook(
                400, "invalid_payload: <Jo Miller said so>", Map.of("x", List.of("code=200,"))));

    assertThat(failure)
        .isEqualTo(Failure.permanent("Slack answered 400 and said no more than the status"));
  }

  @Test
  void saysLittleOfWhatItDoesNotKnow() {
    assertThat(errors.classify(new IllegalStateException("token xoxb-1")))
        .isEqualTo(Failure.transientFailure("The step to Slack failed with IllegalStateException"));
  }

  private static CamelExchangeException webhook(
      int status, String body, Map<String, List<String>> headers) {
    return refusal(
        WebhookResponse.builder().code(status).message("").headers(headers).body(body).build());
  }

  private static CamelExchangeException notOk(String word) {
    var answer = new ChatPostMessageResponse();
    answer.setOk(false);
    answer.setError(word);
    return refusal(answer);
  }

  /** As SlackProducer says it. */
  private static CamelExchangeException refusal(Object answer) {
    return new CamelExchangeException(
        "Error POSTing to Slack API: " + answer, new DefaultExchange(new DefaultCamelContext()));
  }
}
