package io.surveygateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerationException;
import io.surveygateway.SettableClock;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardErrorsTest {

  private static final String URL = "https://hooks.example.org/in?key=4711";

  private final ForwardErrors errors =
      new ForwardErrors(new SettableClock(Instant.parse("2026-03-02T10:00:00Z")));

  @ParameterizedTest
  @CsvSource({
    "301, AUTH",
    "302, AUTH",
    "307, AUTH",
    "308, AUTH",
    "400, TRANSIENT",
    "401, AUTH",
    "403, AUTH",
    "404, TRANSIENT",
    "405, TRANSIENT",
    "408, TRANSIENT",
    "409, TRANSIENT",
    "410, AUTH",
    "413, PERMANENT",
    "415, PERMANENT",
    "422, PERMANENT",
    "425, TRANSIENT",
    "429, RATE_LIMITED",
    "451, TRANSIENT",
    "500, TRANSIENT",
    "502, TRANSIENT",
    "503, TRANSIENT",
    "504, TRANSIENT",
    "599, TRANSIENT"
  })
  void knowsWhatAnAnswerMeans(int status, Kind kind) {
    var failure = errors.classify(answer(status, Map.of("Location", "https://moved.example")));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.reason())
        .startsWith("The receiver of FORWARD_URL answered " + status)
        .doesNotContain("4711", "moved", "what it said");
  }

  @ParameterizedTest
  @CsvSource({
    "429, 7, 7",
    "503, 120, 120",
    "503, 'Mon, 02 Mar 2026 10:00:30 GMT', 30",
    "429, 'Mon, 02 Mar 2026 09:00:00 GMT',",
    "429, soon,",
    "503, -1,",
    "429, 99999999999999999999,"
  })
  void waitsAsLongAsItIsAsked(int status, String retryAfter, Long seconds) {
    assertThat(errors.classify(answer(status, Map.of("retry-after", retryAfter))).retryAfter())
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void saysWhatToDoWhereThereIsNoReceiverAnyMore() {
    assertThat(errors.classify(answer(410, Map.of())))
        .isEqualTo(
            Failure.auth(
                "The receiver of FORWARD_URL answered 410: it is gone for good. Take"
                    + " outbox:forward out of the router, or set another FORWARD_URL"));
  }

  @Test
  void triesAgainWhatWasNotReached() {
    assertThat(errors.classify(new SocketTimeoutException(URL)))
        .isEqualTo(
            Failure.transientFailure(
                "The receiver of FORWARD_URL was not reached, or did not answer in time:"
                    + " SocketTimeoutException"));
  }

  @Test
  void saysThatACertificateIsNotBelieved() {
    assertThat(errors.classify(new IOException(new SSLHandshakeException("PKIX"))).kind())
        .isEqualTo(Kind.TRANSIENT);
    assertThat(errors.classify(new SSLHandshakeException("PKIX")).reason())
        .startsWith("The receiver of FORWARD_URL could not be trusted");
  }

  @Test
  void parksWhatLeadsIntoOurOwnNetwork() {
    assertThat(
            errors.classify(
                new CamelExecutionException("", null, new RefusedAddressException("r"))))
        .isEqualTo(Failure.permanent("r"));
  }

  @Test
  void parksWhatCannotBeWritten() {
    assertThat(errors.classify(new JsonGenerationException("no", null, null)).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void triesAgainWhatNobodyKnows() {
    assertThat(errors.classify(new IllegalStateException(URL)))
        .isEqualTo(
            Failure.transientFailure("The step to the receiver failed with IllegalStateException"));
  }

  private static HttpOperationFailedException answer(int status, Map<String, String> headers) {
    return new HttpOperationFailedException(URL, status, "what it said", null, headers, "and why");
  }
}
