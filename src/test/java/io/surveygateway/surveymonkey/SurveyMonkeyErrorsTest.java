package io.surveygateway.surveymonkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.failure.FailureException;
import io.surveygateway.inbox.AnswerTooLargeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurveyMonkeyErrorsTest {

  private static final String MINUTE = "X-Ratelimit-App-Global-Minute-";
  private static final String DAY = "X-Ratelimit-App-Global-Day-";

  private final SurveyMonkeyErrors errors = new SurveyMonkeyErrors();

  @ParameterizedTest
  @CsvSource({
    "400, 1000, PERMANENT",
    "400, 1004, PERMANENT",
    "401, 1010, AUTH",
    "401, 1013, AUTH",
    "403, 1014, AUTH",
    "403, 1015, AUTH",
    "403, 1016, AUTH",
    "403, 1017, AUTH",
    "403, 1018, AUTH",
    "404, 1020, PERMANENT",
    "409, 1025, PERMANENT",
    "413, 1030, PERMANENT",
    "429, 1040, RATE_LIMITED",
    "500, 1050, TRANSIENT",
    "503, 1051, TRANSIENT",
    "404, 1052, AUTH",
    "410, 1053, AUTH",
    "502, 1054, TRANSIENT",
    "400, 1054, TRANSIENT",
    "403, 1040, RATE_LIMITED",
  })
  void goesByTheCode(int status, int code, Kind kind) {
    assertThat(ofAnswer(status, body(code), Map.of()).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "302, AUTH",
    "400, PERMANENT",
    "401, AUTH",
    "403, AUTH",
    "404, PERMANENT",
    "408, TRANSIENT",
    "410, PERMANENT",
    "418, PERMANENT",
    "429, RATE_LIMITED",
    "500, TRANSIENT",
    "502, TRANSIENT",
    "599, TRANSIENT",
  })
  void goesByTheStatusWhereThereIsNoCode(int status, Kind kind) {
    assertThat(ofAnswer(status, "<html>no JSON</html>", Map.of()).kind()).isEqualTo(kind);
    assertThat(ofAnswer(status, null, null).kind()).isEqualTo(kind);
    assertThat(ofAnswer(status, "{\"error\":\"x\"}", Map.of()).kind()).isEqualTo(kind);
  }

  @Test
  void saysWhatToDoAboutTheWrongRegion() {
    assertThat(ofAnswer(403, body(1018), Map.of()).reason())
        .isEqualTo(
            "SurveyMonkey's API does not let the app read responses (status 403, code 1018): wrong"
                + " region: set SURVEYMONKEY_API_URL to the account's own host");
  }

  @Test
  void tellsAGoneAccountFromAGoneResponse() {
    assertThat(ofAnswer(404, body(1052), Map.of()).reason())
        .isEqualTo(
            "The SurveyMonkey account is gone (status 404, code 1052): nothing more can be read");
    assertThat(ofAnswer(404, body(1020), Map.of()).reason())
        .startsWith("The response is gone at SurveyMonkey (status 404, code 1020)");
  }

  @ParameterizedTest
  @CsvSource({"200", "400", "401", "500"})
  void knowsARevokedTokenByItsOwnShape(int status) {
    var revoked = "{\"status\":1,\"errmsg\":\"Client revoked access grant\"}";

    assertThat(ofAnswer(status, revoked, Map.of()).kind()).isEqualTo(Kind.AUTH);
  }

  @Test
  void waitsForTheMinuteWhileTheDayHasSomeLeft() {
    var headers =
        Map.of(
            MINUTE + "Remaining", "0",
            MINUTE + "Reset", "42",
            DAY + "Remaining", "311",
            DAY + "Reset", "51123");

    assertThat(ofAnswer(429, body(1040), headers).retryAfter()).isEqualTo(Duration.ofSeconds(42));
  }

  @Test
  void waitsForTheDayOnceItIsUsedUp() {
    var headers =
        Map.of(
            MINUTE + "Remaining", "119",
            MINUTE + "Reset", "42",
            DAY + "Remaining", "-3",
            DAY + "Reset", "51123");

    assertThat(ofAnswer(429, body(1040), headers).retryAfter())
        .isEqualTo(Duration.ofSeconds(51123));
  }

  @Test
  void readsHeadersInAnyCase() {
    var headers = Map.of("x-ratelimit-app-global-minute-reset", " 7 ");

    assertThat(ofAnswer(429, body(1040), headers).retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"-5, none", "soon, none", "999999, 86400", "86400, 86400"})
  void believesNoOddWait(String reset, Long seconds) {
    var waits = ofAnswer(429, body(1040), Map.of(MINUTE + "Reset", reset)).retryAfter();

    assertThat(waits).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void looksThroughWhatCamelWrapsRoundIt() {
    var answer = new HttpOperationFailedException("http://x", 404, "Not Found", null, null, "");
    var exchange = new DefaultExchange(new DefaultCamelContext());

    assertThat(errors.classify(new CamelExecutionException("x", exchange, answer)).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void keepsAFailureThatIsUnderstoodAlready() {
    var known = Failure.permanent("known");

    assertThat(errors.classify(new RuntimeCamelException(new FailureException(known))))
        .isSameAs(known);
  }

  @Test
  void triesAgainWhereTheApiWasNotReached() {
    assertThat(errors.classify(new ConnectException("refused"))).satisfies(this::isTransient);
    assertThat(errors.classify(new SocketTimeoutException())).satisfies(this::isTransient);
    assertThat(errors.classify(new IOException("reset"))).satisfies(this::isTransient);
  }

  @Test
  void triesAgainWhereItDoesNotKnow() {
    assertThat(errors.classify(new IllegalStateException("database is closed")))
        .satisfies(this::isTransient);
  }

  @Test
  void neverWorksWhereTheBodyIsNoJsonOrTheMappingRefuses() {
    assertThat(errors.classify(new RuntimeCamelException(noJson())).kind())
        .isEqualTo(Kind.PERMANENT);
    assertThat(errors.classify(new IllegalArgumentException("expected ids")))
        .isEqualTo(Failure.permanent("expected ids"));
    assertThat(errors.classify(new AnswerTooLargeException(10)).kind()).isEqualTo(Kind.PERMANENT);
  }

  @Test
  void endsWhereCausesGoInACircle() {
    var one = new RuntimeException();
    var two = new RuntimeException(one);
    one.initCause(two);

    assertThat(errors.classify(one).kind()).isEqualTo(Kind.TRANSIENT);
  }

  private void isTransient(Failure failure) {
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
  }

  private Failure ofAnswer(int status, String body, Map<String, String> headers) {
    return errors.classify(
        new HttpOperationFailedException(
            "https://api.surveymonkey.com/v3/x", status, "", null, headers, body));
  }

  private static String body(int code) {
    return """
        {"error":{"docs":"https://x","message":"m","id":"%d","name":"n","http_status_code":1}}"""
        .formatted(code);
  }

  private static JsonProcessingException noJson() {
    try {
      new ObjectMapper().readTree("{");
      throw new AssertionError("read");
    } catch (JsonProcessingException e) {
      return e;
    }
  }
}
