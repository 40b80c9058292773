package io.surveygateway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

  @Test
  void takesTheNetworkForPassing() {
    var wrapped = new RuntimeException(new ConnectException("Connection refused"));

    assertThat(Failures.whileMapping(wrapped))
        .isEqualTo(Failure.transientFailure("Connect: Connection refused"));
    assertThat(Failures.whileDelivering(new TimeoutException()))
        .isEqualTo(Failure.transientFailure("Timeout"));
  }

  @Test
  void takesTheUnknownForLastingWhileMappingAndForPassingWhileDelivering() {
    var unknown = new IllegalStateException("odd");

    assertThat(Failures.whileMapping(unknown)).isEqualTo(Failure.permanent("IllegalState: odd"));
    assertThat(Failures.whileDelivering(unknown))
        .isEqualTo(Failure.transientFailure("IllegalState: odd"));
  }

  @Test
  void believesAFailureThatIsUnderstoodAlready() {
    var understood = Failure.auth("The token was refused");

    assertThat(Failures.whileMapping(new RuntimeException(new FailureException(understood))))
        .isSameAs(understood);
  }

  @ParameterizedTest
  @ValueSource(strings = {"my words", "{\"a\": my words}", "[\"my words", "\"my words\" my words"})
  void saysWhereJsonEndsAndNothingOfIt(String text) {
    IOException thrown = null;
    try {
      new ObjectMapper().reader().readTree(text.getBytes()).toString();
      new ObjectMapper().readValue("my words", Object.class);
    } catch (IOException e) {
      thrown = e;
    }

    var failure = Failures.whileMapping(thrown);

    assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure.reason()).startsWith("Expected JSON, and it stops").doesNotContain("words");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot iterate over string (\"nice :) call me at 555\")",
        "Cannot index number with \"call me\"",
        "value 'it''s me, call' is odd",
        "[call, me] is no object",
        "{call: me} is no object"
      })
  void quotesNothingOfWhatAMappingMet(String message) {
    var failure = Failures.whileMapping(new RuntimeException(new JsonQueryException(message)));

    assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure.reason()).startsWith("The mapping failed: ").doesNotContain("call");
  }
}
