package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficTest {

  private static List<Sending> traffic(long seed) {
    var traffic = new Traffic(seed, (id, response) -> {}, key -> {});
    return Stream.generate(traffic::next).limit(3000).toList();
  }

  private static List<String> bodies(long seed) {
    return traffic(seed).stream()
        .map(sending -> sending.request().path() + " " + sending.request().text())
        .toList();
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(bodies(7)).isEqualTo(bodies(7)).isNotEqualTo(bodies(8));
  }

  @Test
  void hasAllThatCanGoWrong() {
    var sent = traffic(7);
    var told = sent.stream().flatMap(sending -> sending.told().stream()).toList();

    assertThat(sent.stream().map(sending -> sending.request().provider()))
        .contains("popsee", "smartsurvey", "smartermeasure", "surveymonkey");
    assertThat(told.stream().map(Told::status))
        .contains("partial", "completed", "disqualified", "over_quota", "deleted");
    assertThat(told.stream().flatMap(one -> one.refusedBy().stream()))
        .contains("database", "salesforce", "slack");
    assertThat(sent).anyMatch(Sending::isForged);
    assertThat(sent).anyMatch(sending -> sending.unreadable().stream().anyMatch(Objects::isNull));
    assertThat(sent)
        .anyMatch(sending -> !sending.unreadable().isEmpty() && sending.told().size() > 1);
    assertThat(sent).anyMatch(sending -> sending.told().size() >= 100);
    assertThat(new HashSet<>(sent)).hasSizeLessThan(sent.size());
    assertThat(lateOnes(told)).isGreaterThan(20);
  }

  /** How many events come after a newer one of their response. */
  private static long lateOnes(List<Told> told) {
    var newest = new HashMap<String, Told>();
    return told.stream()
        .filter(
            one ->
                newest
                    .merge(one.subject(), one, (a, b) -> a.at().isAfter(b.at()) ? a : b)
                    .at()
                    .isAfter(one.at()))
        .count();
  }
}
