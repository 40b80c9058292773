package io.surveygateway.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What providers send as JSON, read as bytes. */
class SurveyJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "[]", "null", "7", "\uFEFF{\"a\": 1}", " \n{}\r\n", "{\"a\": 1, \"a\": 2}"})
  void readsWhatIsJson(String body) throws IOException {
    assertThat(read(body)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{} {}",
        "{}x",
        "<a/>",
        "{'a': 1}",
        "{\"a\": NaN}",
        "{\"a\": 01}",
        "{\"a\": \"\u0001\"}",
        "a=1&b=2"
      })
  void refusesWhatIsNot(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void refusesTextThatIsNoUtf8() {
    var latin1 = new byte[] {'"', (byte) 0xE9, '"'};

    assertThatThrownBy(() -> SurveyJson.mapper().readValue(latin1, JsonNode.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void keepsAllDigits() throws IOException {
    assertThat(read("[12.30, 100.0, 9007199254740993, 123456789012345678901234567890]"))
        .hasToString("[12.30,100.0,9007199254740993,123456789012345678901234567890]");
  }

  @Test
  void refusesNestingNumbersAndNamesThatGoTooFar() {
    assertThatThrownBy(() -> read("[".repeat(101) + "]".repeat(101)))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("nesting depth");
    assertThatThrownBy(() -> read("9".repeat(1001)))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("Number value length");
    assertThatThrownBy(() -> read("{\"" + "n".repeat(2001) + "\": 1}"))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("Name length");
  }

  @Test
  void standsBesideTheApplicationsOwnMapper() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
        .withUserConfiguration(SurveyJson.class)
        .run(
            started -> {
              assertThat(started.getBean(SurveyJson.BEAN)).isSameAs(SurveyJson.mapper());
              assertThat(started.getBean(ObjectMapper.class)).isNotSameAs(SurveyJson.mapper());
            });
  }

  private static JsonNode read(String body) throws IOException {
    return SurveyJson.mapper().readValue(body.getBytes(UTF_8), JsonNode.class);
  }
}
