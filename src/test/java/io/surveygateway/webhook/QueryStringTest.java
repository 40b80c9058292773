package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringTest {

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"&", "&&"})
  void hasNoParameters(String query) {
    assertThat(QueryString.parse(query)).isEmpty();
  }

  @Test
  void keepsOrderAndDoubles() {
    assertThat(QueryString.parse("b=1&a=2&&b=3&c&=4&d=5=6"))
        .isEqualTo(
            List.of(
                Map.entry("b", "1"),
                Map.entry("a", "2"),
                Map.entry("b", "3"),
                Map.entry("c", ""),
                Map.entry("", "4"),
                Map.entry("d", "5=6")));
  }

  @ParameterizedTest
  @CsvSource({
    "%61%2B%26, a+&",
    "a+b, a+b",
    "%C3%A9, é",
    "%, %",
    "%4, %4",
    "%zz, %zz",
    "a%4, a%4",
    "%%41, %A",
    "{key}, {key}",
    "%ff, \uFFFD"
  })
  void decodesWhatIsEncodedAndLeavesTheRest(String encoded, String decoded) {
    assertThat(QueryString.parse(encoded + "=" + encoded))
        .containsExactly(Map.entry(decoded, decoded));
  }
}
