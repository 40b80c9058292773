package io.surveygateway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What stands in {@code routes/} has no mistake that can be seen without running it. */
class ShippedRoutesTest {

  @Test
  void haveNoMistake() {
    try (var outside = new OutsideLint(RoutesCopy.settings())) {
      assertThat(outside.lint().check(Path.of("routes"), Path.of("")).report()).isEmpty();
    }
  }
}
