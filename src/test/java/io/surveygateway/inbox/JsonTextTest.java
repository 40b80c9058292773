package io.surveygateway.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failures;
import java.util.ArrayList;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode run(String jq, JsonNode in) throws Exception {
    var scope = Scope.newChildScope(Scope.newEmptyScope());
    scope.addFunction(JsonText.BEAN, new JsonText());
    var out = new ArrayList<JsonNode>();
    JsonQuery.compile(jq, Versions.JQ_1_7).apply(scope, in, out::add);
    return out.get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{\"q3\":{\"first\":\"Très bien\"}}|{\"q3\":{\"first\":\"Très bien\"}}",
        "[1,2.50]|[1,2.50]",
        "12345678901234567890123|12345678901234567890123",
        "\"text\"|\"text\"",
        "null|null",
        "#  #|null"
      })
  void readsATextThatIsJson(String text, String json) throws Exception {
    var in = JSON.createObjectNode().put("MSG", text);

    assertThat(run(".MSG | json_text", in)).hasToString(json);
  }

  @Test
  void leavesAloneWhatIsNoText() throws Exception {
    var in = JSON.readTree("{\"MSG\":{\"a\":1}}");

    assertThat(run("[.MSG, .none | json_text]", in)).hasToString("[{\"a\":1},null]");
  }

  @Test
  void saysWhereATextStopsBeingJsonAndQuotesNothing() {
    var in = JSON.createObjectNode().put("MSG", "{\"a\": secret words}");

    assertThatThrownBy(() -> run(".MSG | json_text", in))
        .satisfies(
            thrown ->
                assertThat(Failures.whileMapping(thrown))
                    .isEqualTo(
                        Failure.permanent(
                            "The mapping failed: Expected a text that is JSON, and it stops being"
                                + " JSON at line 1, column 13")));
  }

  @Test
  void refusesATextThatIsNestedTooDeep() {
    var in = JSON.createObjectNode().put("MSG", "[".repeat(200) + "]".repeat(200));

    assertThatThrownBy(() -> run(".MSG | json_text", in))
        .hasMessage("Expected a text that is JSON, and it stops being JSON");
  }
}
