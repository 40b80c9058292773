package io.surveygateway.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.surveygateway.routes.Samples;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every sample of {@code routes/destinations/slack/samples}: a canonical event, and its message.
 */
class SlackSamplesTest {

  @TestFactory
  Stream<DynamicTest> laysOut() throws Exception {
    var samples = Samples.of("slack");
    assertThat(samples).isNotEmpty();
    return samples.stream()
        .map(
            sample ->
                dynamicTest(
                    sample.name(),
                    () ->
                        sample.check(
                            BlockKit.fit(
                                sample.apply("slack.jq", SlackText.escaped(sample.input()))))));
  }
}
