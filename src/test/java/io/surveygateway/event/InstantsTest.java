package io.surveygateway.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {

  @ParameterizedTest
  @CsvSource({
    "2026-03-02T09:16:55Z,             2026-03-02T09:16:55.000Z",
    "2026-03-02T09:16:55.000Z,         2026-03-02T09:16:55.000Z",
    "2026-03-02T09:16:55.182613+00:00, 2026-03-02T09:16:55.182Z",
    "2026-03-02T09:16:55.9Z,           2026-03-02T09:16:55.900Z",
    "2026-03-02T09:16:55,              2026-03-02T09:16:55.000Z",
    "2026-03-02 09:16:55,              2026-03-02T09:16:55.000Z",
    "2026-03-02T09:16,                 2026-03-02T09:16:00.000Z",
    "2026-03-02t09:16:55z,             2026-03-02T09:16:55.000Z",
    "2026-03-02T09:16:55+05:30,        2026-03-02T03:46:55.000Z",
    "2026-03-02T00:16:55+0100,         2026-03-01T23:16:55.000Z",
    "2026-12-31T23:30:00-01,           2027-01-01T00:30:00.000Z",
    "2016-12-31T23:59:60Z,             2016-12-31T23:59:59.999Z",
  })
  void writesWhatProvidersWriteInUtcWithMilliseconds(String given, String written) {
    assertThat(Instants.format(Objects.requireNonNull(Instants.parse(given)))).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-03-02",
        "1772442000",
        "02/03/2026 09:16",
        "2026-02-30T09:16:55Z",
        "2026-03-02T25:00:00Z",
        "2026-03-02T09:16:55+19:00",
        "2026-03-02T09:16:55Zulu",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "+12026-03-02T09:16:55Z",
        "2026-03-02T09:16:55.Z",
        "२०२६-03-02T09:16:55Z",
      })
  void takesNothingElseForAnInstant(String given) {
    assertThat(Instants.parse(given)).isNull();
  }

  @Test
  void readsWhatItWrites() {
    var instant = Instant.parse("2026-03-02T09:16:55.182Z");

    assertThat(Instants.parse(Instants.format(instant))).isEqualTo(instant);
  }
}
