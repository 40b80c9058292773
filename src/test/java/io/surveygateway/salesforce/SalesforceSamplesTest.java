package io.surveygateway.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.surveygateway.routes.Samples;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every sample of {@code routes/destinations/salesforce/samples}: a batch, and its records. */
class SalesforceSamplesTest {

  @TestFactory
  Stream<DynamicTest> maps() throws Exception {
    var samples = Samples.of("salesforce");
    assertThat(samples).isNotEmpty();
    return samples.stream()
        .map(
            sample ->
                dynamicTest(
                    sample.name(),
                    () -> sample.check(sample.apply("salesforce.jq", sample.input()))));
  }
}
