package io.surveygateway.salesforce;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.FailureException;
import io.surveygateway.failure.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.component.salesforce.api.NoSuchSObjectException;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.api.dto.RestError;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Says what Salesforce's refusals mean, for a whole call and for one record.
 *
 * <p>Salesforce's messages quote the values that it refuses, and so what respondents wrote: reasons
 * hold its error codes, the names of fields, and no more of its words than is known to be none of a
 * respondent's. Sources: REST API Developer Guide, "Status Codes and Error Responses"; SOAP API
 * Developer Guide, "StatusCode".
 */
@Component("salesforceErrors")
final class SalesforceErrors implements FailureClassifier {

  /** Salesforce does not say when; the limit is one of 24 hours that roll on. */
  private static final Duration AFTER_DAILY_LIMIT = Duration.ofMinutes(15);

  private static final int DEEPEST = 20;

  private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z_]{1,79}");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z]\\w{0,79}");

  /** What a message can tell without telling a value: names and limits, not what was sent. */
  private static final Pattern TELLING =
      Pattern.compile(
          "No such column '\\w{1,80}' on sobject of type \\w{1,80}"
              + "|Required fields are missing: \\[[\\w, ]{1,200}]"
              + "|max length=\\d{1,9}");

  private static final Set<String> MAY_PASS =
      Set.of(
          "UNABLE_TO_LOCK_ROW",
          "SERVER_UNAVAILABLE",
          "QUERY_TIMEOUT",
          "REQUEST_RUNNING_TOO_LONG",
          "PROCESSING_HALTED",
          "UNKNOWN_EXCEPTION",
          "STORAGE_LIMIT_EXCEEDED",
          "server_error",
          "temporarily_unavailable",
          "unknown_error");

  private static final Set<String> LIMITED =
      Set.of(
          "REQUEST_LIMIT_EXCEEDED",
          "CONCURRENT_REQUEST_LIMIT_EXCEEDED",
          "TOO_MANY_REQUESTS",
          "rate_limit_exceeded");

  private static final Set<String> OUR_CREDENTIALS =
      Set.of(
          "INVALID_SESSION_ID",
          "INVALID_AUTH_HEADER",
          "INVALID_LOGIN",
          "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
          "PASSWORD_LOCKOUT",
          "LOGIN_DURING_RESTRICTED_TIME",
          "LOGIN_DURING_RESTRICTED_DOMAIN",
          "CLIENT_NOT_ACCESSIBLE_FOR_USER",
          "API_CURRENTLY_DISABLED",
          "API_DISABLED_FOR_ORG",
          "ORG_LOCKED",
          "invalid_grant",
          "invalid_client",
          "invalid_client_id",
          "invalid_client_credentials",
          "invalid_app_access",
          "invalid_request",
          "invalid_scope",
          "unauthorized_client",
          "unsupported_grant_type",
          "inactive_user",
          "inactive_org");

  private static final Set<String> NOT_THERE = Set.of("NOT_FOUND", "ENTITY_IS_DELETED");

  private static final String DEPLOY =
      "deploy the metadata, and give the permission set to the gateway's user";

  /** What a person does about it, for codes that do not say so themselves. */
  private static final Map<String, String> REMEDY =
      Map.of(
          "DUPLICATES_DETECTED",
              "a duplicate rule of the org stops it: merge, or let the rule pass",
          "DUPLICATE_EXTERNAL_ID",
              "several records have this key: merge them, or take a unique contact-key",
          "NOT_FOUND", DEPLOY + "; check gateway.salesforce.contact-key",
          "INVALID_FIELD", DEPLOY,
          "STRING_TOO_LONG", "cut it in salesforce.jq",
          "JSON_PARSER_ERROR", "a value of salesforce.jq has the wrong type for its field",
          "REQUEST_LIMIT_EXCEEDED", "the org's calls of 24 hours are used up",
          "INVALID_SESSION_ID", "check the connected app",
          "invalid_client_id", "check SALESFORCE_CLIENT_ID",
          "invalid_client", "check SALESFORCE_CLIENT_SECRET");

  @Override
  public Failure classify(Throwable thrown) {
    @Nullable SalesforceException vague = null;
    var cause = thrown;
    for (var depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      if (cause instanceof FailureException known) {
        return known.failure();
      }
      if (cause instanceof SalesforceException refusal) {
        if (!refusal.getErrors().isEmpty()) {
          return ofCall(refusal);
        }
        // camel-salesforce wraps what it knows in what says less: status 0 and no errors.
        vague = vague == null || vague.getStatusCode() == 0 ? refusal : vague;
      } else if (cause instanceof JsonQueryException) {
        return Failure.permanent("salesforce.jq: " + Failures.whileDelivering(cause).reason());
      } else if (cause instanceof StackOverflowError) {
        return Failure.permanent(
            "salesforce.jq went too deep with these events: see the head of the file");
      } else if (cause instanceof IllegalArgumentException
          && String.valueOf(cause.getMessage()).contains("authentication methods")) {
        return Failure.auth("Salesforce's settings are incomplete: see gateway.salesforce");
      } else if (cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof RejectedExecutionException) {
        return Failure.transientFailure(unheard(vague, cause));
      }
    }
    return vague != null
        ? ofCall(vague)
        : Failure.transientFailure(
            "The step to Salesforce failed with " + thrown.getClass().getSimpleName());
  }

  /** Whatever the status said: of an answer that broke off nobody knows what was done. */
  private static String unheard(@Nullable SalesforceException vague, Throwable cause) {
    if (vague == null) {
      return "Salesforce could not be reached: " + cause.getClass().getSimpleName();
    }
    return vague.getStatusCode() == 0
        ? "Salesforce did not answer"
        : "Salesforce's answer, a " + vague.getStatusCode() + ", broke off";
  }

  /**
   * What the refusal of one record means.
   *
   * @param record what was refused, for a person: {@code the contact}
   */
  static Failure ofRecord(String record, @Nullable List<RestError> errors) {
    var list = errors == null ? List.<RestError>of() : errors;
    return new Failure(
        kind(400, list), "Salesforce refused " + record + ": " + words(list), wait(list));
  }

  /**
   * Whether Salesforce may have said that there is no such record.
   *
   * <p>It says the same, {@code NOT_FOUND}, of an object or an external id that the gateway's user
   * does not see, and its words depend on that user's language: {@link
   * SalesforceBatch#deletionsKnown} tells the two apart. A 404 of the login, or of a page that is
   * not the API's, is neither.
   */
  static boolean mayBeGone(Throwable thrown) {
    var cause = thrown;
    for (var depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      if (cause instanceof NoSuchSObjectException refusal) {
        return !refusal.getErrors().isEmpty()
            && refusal.getErrors().stream().allMatch(error -> is(NOT_THERE, error));
      }
    }
    return false;
  }

  /** What it means that Salesforce lacks what is to be found there, as this user sees it. */
  static Failure missing(String what) {
    return Failure.permanent("Salesforce shows no " + what + ": " + DEPLOY);
  }

  private static Failure ofCall(SalesforceException refusal) {
    var status = refusal.getStatusCode();
    var errors = refusal.getErrors();
    var isLogin = String.valueOf(refusal.getMessage()).startsWith("Login error");
    var kind =
        isLogin && errors.isEmpty() && status >= 300 && status < 500 && !isPassing(status)
            ? Kind.AUTH
            : kind(status, errors);
    var answered =
        status == 0
            ? "Salesforce did not answer"
            : "Salesforce answered " + status + (isLogin ? " to the login" : "");
    return new Failure(
        kind, errors.isEmpty() ? answered : answered + ": " + words(errors), wait(errors));
  }

  private static Kind kind(int status, List<RestError> errors) {
    if (errors.stream().anyMatch(error -> is(LIMITED, error))) {
      return Kind.RATE_LIMITED;
    }
    if (errors.stream().anyMatch(error -> is(OUR_CREDENTIALS, error))) {
      return Kind.AUTH;
    }
    if (!errors.isEmpty() && errors.stream().allMatch(SalesforceErrors::mayPass)) {
      return Kind.TRANSIENT;
    }
    if (status == 429) {
      return Kind.RATE_LIMITED;
    }
    if (isPassing(status) || status >= 500) {
      return Kind.TRANSIENT;
    }
    if (status == 401 || status == 403 && errors.isEmpty()) {
      return Kind.AUTH;
    }
    return Kind.PERMANENT;
  }

  /** No answer, or one that asks to come again. */
  private static boolean isPassing(int status) {
    return status == 0 || status == 408 || status == 429;
  }

  private static boolean mayPass(RestError error) {
    // The contact has just been written: whoever removed it since, the next try writes it again.
    return is(MAY_PASS, error)
        || "INVALID_FIELD".equals(error.getErrorCode())
            && String.valueOf(error.getMessage()).startsWith("Foreign key external ID")
            && String.valueOf(error.getMessage()).contains(" not found for field ");
  }

  private static boolean is(Set<String> codes, RestError error) {
    return error.getErrorCode() != null && codes.contains(error.getErrorCode());
  }

  private static @Nullable Duration wait(List<RestError> errors) {
    return errors.stream().anyMatch(error -> "REQUEST_LIMIT_EXCEEDED".equals(error.getErrorCode()))
        ? AFTER_DAILY_LIMIT
        : null;
  }

  private static String words(List<RestError> errors) {
    return errors.isEmpty()
        ? "it did not say why"
        : errors.stream().limit(5).map(SalesforceErrors::words).collect(Collectors.joining("; "));
  }

  private static String words(RestError error) {
    var code = error.getErrorCode();
    if (code == null || !CODE.matcher(code).matches()) {
      return "an error without a code";
    }
    var words = new StringBuilder(code);
    var fields =
        error.getFields() == null
            ? List.<String>of()
            : error.getFields().stream().filter(f -> FIELD.matcher(f).matches()).limit(5).toList();
    if (!fields.isEmpty()) {
      words.append(" (").append(String.join(", ", fields)).append(')');
    }
    var message = String.valueOf(error.getMessage());
    var telling = TELLING.matcher(message);
    if (telling.find()) {
      words.append(", ").append(telling.group());
    } else if (code.equals("FIELD_CUSTOM_VALIDATION_EXCEPTION")) {
      // An admin's own words, who wrote the rule and knows it by them.
      words.append(", ").append(message, 0, Math.min(200, message.length()));
    }
    var remedy = mayPass(error) ? null : REMEDY.get(code);
    return remedy == null ? words.toString() : words + ": " + remedy;
  }
}
