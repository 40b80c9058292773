package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.inbox.FormFields;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMemberTest {

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{'t':1,'t':2}|/t|{}",
        "{'t':1,'t':2,'a':3}|/t|{'a':3}",
        "{'a':3,'t':1,'t':2}|/t|{'a':3}",
        "{'a':3 , 't':{'x':[1,{'t':2}]}}|/t|{'a':3 }",
        "{'t':[1,2],'a':3}|/t|{'a':3}",
        "{'a':{'t':1,'b':2},'t':3}|/a/t|{'a':{'b':2},'t':3}",
        "[{'t':1},{'t':2,'b':3}]|/1/t|[{'t':1},{'b':3}]",
        "{'a/b':1,'c':2}|/a~1b|{'c':2}",
        "{'\\u0074':1,'c':2}|/t|{'c':2}",
        "{'a':1}|/t|{'a':1}"
      })
  void cutsOutOneMemberAndLeavesJson(String json, String pointer, String rest) throws Exception {
    var cut = JsonMember.without(bytes(json), pointer);

    assertThat(cut).isEqualTo(bytes(rest));
    assertThat(new ObjectMapper().readTree(cut)).isNotNull();
  }

  @Test
  void cutsNothingOutOfWhatIsNoJsonInUtf8() {
    for (var body :
        new byte[][] {
          bytes("{'t':1"), bytes("{'t':1}{}"), "{\"t\":\"k\"}".getBytes(UTF_16), {}, {(byte) 0xFF}
        }) {
      assertThat(JsonMember.values(body, "/t")).isEmpty();
      assertThat(JsonMember.without(body, "/t")).isSameAs(body);
    }
  }

  @Test
  void refusesAMemberThatIsThereTooOften() {
    assertThat(JsonMember.without(bytes("{" + "'t':1,".repeat(15) + "'a':1}"), "/t"))
        .isEqualTo(bytes("{'a':1}"));
    assertThatThrownBy(() -> JsonMember.without(bytes("{" + "'t':1,".repeat(99) + "'a':1}"), "/t"))
        .isInstanceOf(ProofRefusedException.class)
        .hasMessage("JSON member /t came more than once");
  }

  /** Whatever a sender writes; the seed is fixed, so a failure comes again. */
  @Test
  void neverThrowsAndLeavesNoneBehind() {
    var random = new Random(20_260_302);
    var parts =
        new String[] {
          "{",
          "}",
          "[",
          "]",
          "\"t\"",
          ":",
          ",",
          "1",
          "\"k\"",
          " ",
          "\\",
          "\"",
          "null",
          "&",
          "t=",
          "%",
          "é",
          "{\"t\":\"k\"}",
          "{\"t\":\"k\",",
          "\"t\":\"k\","
        };
    for (var count = 0; count < 50_000; count++) {
      var text = new StringBuilder();
      for (var n = random.nextInt(9); n > 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      var body = text.toString().getBytes(UTF_8);

      assertThat(JsonMember.values(JsonMember.without(body, "/t"), "/t")).as("%s", text).isEmpty();
      assertThat(FormFields.values(FormFields.without(body, "t"), "t")).as("%s", text).isEmpty();
      assertThat(FormFields.without(body, "no such field")).isEqualTo(body);
    }
  }
}
