package io.surveygateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the lines of a thread bear, and until when. */
class LogFieldsTest {

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void areThereUntilTheyAreClosed() {
    try (var fields = LogFields.open().provider("popsee").request(17)) {
      assertThat(MDC.getCopyOfContextMap())
          .isEqualTo(Map.of("provider", "popsee", "request_id", "17"));
    }

    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
  }

  @Test
  void leaveThoseThatWereThereBefore() {
    try (var outer = LogFields.open().provider("popsee").event(1)) {
      try (var inner = LogFields.open().event(2).response("popsee:r-2")) {
        assertThat(MDC.get("event_id")).isEqualTo("2");
      }

      assertThat(MDC.getCopyOfContextMap())
          .isEqualTo(Map.of("provider", "popsee", "event_id", "1"));
    }
  }

  @Test
  void nameTheProviderOrTheDestinationOfALane() {
    try (var fields = LogFields.open().lane("inbox:popsee").lane("outbox:slack").lane(null)) {
      assertThat(MDC.getCopyOfContextMap())
          .isEqualTo(Map.of("provider", "popsee", "destination", "slack"));
    }
  }

  @Test
  void leaveOtherThreadsAlone() {
    var fields = LogFields.open().request(17);

    CompletableFuture.runAsync(
            () -> {
              MDC.put("own", "1");
              fields.close();
              assertThat(MDC.get("own")).isEqualTo("1");
            })
        .join();

    assertThat(MDC.get("request_id")).isEqualTo("17");
  }
}
