package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

  @Test
  void quotesWhatWouldEndACellOrALine() {
    assertThat(Csv.line("plain", "a,b", "say \"hi\"", "two\nlines", null, ""))
        .isEqualTo("plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=HYPERLINK(1)",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
        "\u0000=1",
        "＝1"
      })
  void letsNoCellBeTakenForAFormula(String hostile) {
    assertThat(Csv.line(hostile).replace("\"", "")).startsWith("'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"popsee:1", "1-2", "a=b", "2026-03-02T09:00:00Z", "nps 9", "ada@example.org"})
  void leavesAllElseAsItIs(String text) {
    assertThat(Csv.line(text)).isEqualTo(text + "\r\n");
  }
}
