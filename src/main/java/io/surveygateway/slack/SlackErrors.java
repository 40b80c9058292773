package io.surveygateway.slack;

import com.slack.api.methods.SlackApiException;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.FailureException;
import io.surveygateway.failure.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.CamelExchangeException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Says what Slack's refusals mean for a delivery.
 *
 * <p>Slack speaks in three ways: by a webhook's status and a word in its body; by the status of an
 * API call; and by {@code ok: false} with an error code in an answer of 200. camel-slack reports
 * the first and the last only as text. Reasons hold Slack's own words, and neither its address nor
 * the message. Sources: Slack, "Errors" of chat.postMessage; "Sending messages using incoming
 * webhooks", Handling errors; "Rate limits".
 */
@Component("slackErrors")
final class SlackErrors implements FailureClassifier {

  private static final Pattern WEBHOOK_ANSWER = Pattern.compile("WebhookResponse\\(code=(\\d{3}),");
  private static final Pattern WEBHOOK_WORD = Pattern.compile(", body=([a-z_]{1,80})\\)");
  private static final Pattern RETRY_AFTER =
      Pattern.compile("retry-after=\\[(\\d{1,9})]", Pattern.CASE_INSENSITIVE);
  private static final Pattern API_ANSWER =
      Pattern.compile("ChatPostMessageResponse\\(ok=false,.*?\\berror=([a-z_]{1,80}),");

  /** Where in the message Slack found fault: {@code [json-pointer:/blocks/0/text]}. */
  private static final Pattern POINTER = Pattern.compile("\\[json-pointer:([/\\w]{1,80})]");

  /** An hour: what a longer wait is cut to, so that a slip of the other side does not stop us. */
  private static final long LONGEST_WAIT_SECONDS = 3600;

  private static final Set<String> RATE_LIMITED =
      Set.of("ratelimited", "rate_limited", "message_limit_exceeded");

  private static final Set<String> OUR_CREDENTIALS =
      Set.of(
          "invalid_auth",
          "not_authed",
          "account_inactive",
          "token_revoked",
          "token_expired",
          "no_permission",
          "missing_scope",
          "not_allowed_token_type",
          "access_denied",
          "ekm_access_denied",
          "org_login_required",
          "team_access_not_granted",
          "two_factor_setup_required",
          "no_service",
          "no_service_id",
          "no_team",
          "no_active_hooks",
          "invalid_token",
          "team_disabled");

  private static final Set<String> MAY_PASS =
      Set.of(
          "internal_error",
          "fatal_error",
          "service_unavailable",
          "request_timeout",
          "team_added_to_org",
          "accesslimited",
          "rollup_error");

  private static final Set<String> FOR_GOOD =
      Set.of(
          "channel_not_found",
          "channel_is_archived",
          "is_archived",
          "not_in_channel",
          "restricted_action",
          "restricted_action_read_only_channel",
          "posting_to_general_channel_denied",
          "action_prohibited",
          "user_not_found",
          "invalid_blocks",
          "invalid_blocks_format",
          "invalid_attachments",
          "invalid_payload",
          "invalid_arguments",
          "invalid_arg_name",
          "invalid_charset",
          "invalid_form_data",
          "invalid_post_type",
          "missing_post_type",
          "too_many_attachments",
          "no_text",
          "missing_text_or_fallback_or_attachments",
          "msg_too_long",
          "msg_blocks_too_long",
          "messages_tab_disabled");

  /** What a person does about it, for words that do not say so themselves. */
  private static final Map<String, String> REMEDY =
      Map.ofEntries(
          Map.entry("channel_not_found", "check SLACK_CHANNEL, and that the app can see it"),
          Map.entry("not_in_channel", "invite the app to the channel of SLACK_CHANNEL"),
          Map.entry("is_archived", "take another channel in SLACK_CHANNEL"),
          Map.entry("channel_is_archived", "make a webhook for another channel"),
          Map.entry("missing_scope", "give the app the scope chat:write, and install it again"),
          Map.entry("invalid_auth", "renew SLACK_TOKEN"),
          Map.entry("not_authed", "renew SLACK_TOKEN"),
          Map.entry("token_revoked", "renew SLACK_TOKEN"),
          Map.entry("token_expired", "renew SLACK_TOKEN"),
          Map.entry("account_inactive", "renew SLACK_TOKEN"),
          Map.entry("no_service", "make a new webhook, and set SLACK_WEBHOOK_URL"),
          Map.entry("no_active_hooks", "make a new webhook, and set SLACK_WEBHOOK_URL"),
          Map.entry("invalid_token", "make a new webhook, and set SLACK_WEBHOOK_URL"),
          Map.entry("invalid_blocks", "mend slack.jq"),
          Map.entry("invalid_payload", "mend slack.jq"),
          Map.entry("msg_blocks_too_long", "lay out less in slack.jq"),
          Map.entry("msg_too_long", "lay out less in slack.jq"));

  @Override
  public Failure classify(Throwable thrown) {
    var cause = thrown;
    for (var depth = 0; cause != null && depth < 20; depth++, cause = cause.getCause()) {
      var failure = of(cause);
      if (failure != null) {
        return failure;
      }
    }
    return Failure.transientFailure(
        "The step to Slack failed with " + thrown.getClass().getSimpleName());
  }

  private static @Nullable Failure of(Throwable cause) {
    if (cause instanceof FailureException known) {
      return known.failure();
    }
    if (cause instanceof SlackApiException refusal) {
      return ofApi(refusal);
    }
    if (cause instanceof CamelExchangeException && cause.getMessage() != null) {
      return ofAnswer(cause.getMessage());
    }
    if (cause instanceof JsonQueryException) {
      // Before IOException, which it is by descent. Nothing of the event is in this reason.
      return Failure.permanent("slack.jq: " + Failures.whileDelivering(cause).reason());
    }
    if (cause instanceof StackOverflowError) {
      return Failure.permanent("slack.jq went too deep with this event: see the head of the file");
    }
    if (cause instanceof IOException
        || cause instanceof TimeoutException
        || cause instanceof RejectedExecutionException) {
      // Its message may name the host and the webhook's path.
      return Failure.transientFailure(
          "Slack could not be reached: " + cause.getClass().getSimpleName());
    }
    return null;
  }

  private static Failure ofApi(SlackApiException refusal) {
    var word = refusal.getError() == null ? null : refusal.getError().getError();
    return of(
        refusal.getResponse().code(),
        word != null && word.matches("[a-z_]{1,80}") ? word : null,
        seconds(refusal.getResponse().header("Retry-After")),
        "");
  }

  private static @Nullable Failure ofAnswer(String message) {
    var webhook = WEBHOOK_ANSWER.matcher(message);
    if (webhook.find()) {
      var word = WEBHOOK_WORD.matcher(message);
      var wait = RETRY_AFTER.matcher(message);
      return of(
          Integer.parseInt(webhook.group(1)),
          word.find() ? word.group(1) : null,
          wait.find() ? seconds(wait.group(1)) : null,
          "");
    }
    var api = API_ANSWER.matcher(message);
    if (api.find()) {
      var pointer = POINTER.matcher(message);
      return of(200, api.group(1), null, pointer.find() ? " at " + pointer.group(1) : "");
    }
    return null;
  }

  private static Failure of(
      int status, @Nullable String word, @Nullable Duration retryAfter, String where) {
    var reason = reason(status, word, where);
    if (status == 429 || word != null && RATE_LIMITED.contains(word)) {
      return Failure.rateLimited(reason, retryAfter);
    }
    if (word != null && OUR_CREDENTIALS.contains(word)) {
      return Failure.auth(reason);
    }
    if (status >= 500 || status == 408 || word != null && MAY_PASS.contains(word)) {
      return new Failure(Failure.Kind.TRANSIENT, reason, retryAfter);
    }
    // A webhook that is gone says so by its status alone, whatever the word.
    if (status == 410 || status == 401 || status == 403 || status == 404 && word == null) {
      return Failure.auth(reason);
    }
    if (status >= 400 || word != null && FOR_GOOD.contains(word)) {
      return Failure.permanent(reason);
    }
    // A word that Slack has learnt since: retries end by themselves, and nothing is given up early.
    return Failure.transientFailure(reason);
  }

  private static String reason(int status, @Nullable String word, String where) {
    var said = word != null ? word + where : "no more than the status";
    var remedy = word == null ? null : REMEDY.get(word);
    return "Slack answered " + status + " and said " + said + (remedy == null ? "" : ": " + remedy);
  }

  private static @Nullable Duration seconds(@Nullable String text) {
    if (text == null || !text.matches("\\d{1,9}")) {
      return null;
    }
    return Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST_WAIT_SECONDS));
  }
}
