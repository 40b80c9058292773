package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a map route gets at, whatever shape a provider's requests have. */
class ShapesMapRouteTest {

  private static final String READ_JSON =
      """
      - unmarshal:
          json:
            library: Jackson
            objectMapper: surveyJson
            unmarshalType: com.fasterxml.jackson.databind.JsonNode
      """;
  private static final String READ_FORM =
      """
      - process:
          ref: formToJson
      """;

  @TempDir private Path folder;

  private String map(
      String steps, String jq, String body, String path, String contentType, String... header)
      throws Exception {
    var file = folder.resolve("acme.camel.yaml");
    Files.writeString(folder.resolve("acme.jq"), jq);
    Files.writeString(
        file,
        """
        - route:
            id: acme-map
            from:
              uri: inbox:acme
              steps:
        %s        - setBody:
                    expression:
                      jq:
                        expression: resource:file:%s
                - to:
                    uri: direct:router
        """
            .formatted(steps.indent(8), folder.resolve("acme.jq")));
    var kept = header.length == 0 ? Map.<String, String>of() : Map.of(header[0], header[1]);
    try (var route = new MapRoute("acme", file, Map.of())) {
      return route
          .map(body.getBytes(StandardCharsets.UTF_8), path, contentType, kept)
          .get(0)
          .toString();
    }
  }

  @Test
  void hasTheNameOfTheEventAndItsIdFromHeaders() throws Exception {
    var jq = "{id: property(\"header.X-Id\"), type: (property(\"header.X-Event\") // \"none\")}";

    assertThat(map(READ_JSON, jq, "{}", "", "application/json", "X-Id", "d-1"))
        .isEqualTo("{\"id\":\"d-1\",\"type\":\"none\"}");
  }

  @Test
  void hasTheNameOfTheEventFromThePath() throws Exception {
    var jq = "{type: property(\"gatewayPath\")}";

    assertThat(map(READ_JSON, jq, "{}", "completed", "application/json"))
        .isEqualTo("{\"type\":\"completed\"}");
  }

  @Test
  void hasTheNameOfTheEventFromTheFirstKey() throws Exception {
    // Survicate's.
    var jq = "(.event | keys_unsorted[0]) as $type | {type: $type, id: .event[$type].responseUuid}";
    var body = "{\"event\":{\"surveyCompleted\":{\"responseUuid\":\"r-1\"},\"a\":{}}}";

    assertThat(map(READ_JSON, jq, body, "", "application/json"))
        .isEqualTo("{\"type\":\"surveyCompleted\",\"id\":\"r-1\"}");
  }

  @Test
  void makesAnIdOfSeveralMembers() throws Exception {
    var jq = "{id: ([.survey, .respondId, .submitDate] | map(tostring) | join(\"|\"))}";

    assertThat(
            map(
                READ_JSON,
                jq,
                "{\"survey\":7,\"respondId\":\"a\",\"submitDate\":null}",
                "",
                "application/json"))
        .isEqualTo("{\"id\":\"7|a|null\"}");
  }

  @Test
  void opensTheJsonInAFieldOfAForm() throws Exception {
    // Qualtrics'.
    var jq = ".MSG | json_text | {id: .ResponseID}";
    var body = "Topic=a&MSG=%7B%22ResponseID%22%3A%22R_1%22%7D";

    assertThat(map(READ_FORM, jq, body, "", "application/x-www-form-urlencoded"))
        .isEqualTo("{\"id\":\"R_1\"}");
  }

  @Test
  void opensTheJsonInAFieldOfAMultipartForm() throws Exception {
    // Jotform's.
    var jq = "{id: .submissionID, first: (.rawRequest | json_text | .q3_name.first)}";
    var body =
        """
        --b
        Content-Disposition: form-data; name="submissionID"

        601
        --b
        Content-Disposition: form-data; name="rawRequest"

        {"q3_name":{"first":"Ada"}}
        --b--
        """
            .replace("\n", "\r\n");

    assertThat(map(READ_FORM, jq, body, "", "multipart/form-data; boundary=b"))
        .isEqualTo("{\"id\":\"601\",\"first\":\"Ada\"}");
  }

  @Test
  void readsWhatItGetsByItsContentType() throws Exception {
    var steps =
        """
        - choice:
            when:
              - expression:
                  method:
                    ref: formToJson
                    method: isForm
                steps:
                  - process:
                      ref: formToJson
            otherwise:
              steps:
        """
            + READ_JSON.indent(8);

    assertThat(map(steps, "{id: .UniqueID}", "UniqueID=7", "", "application/x-www-form-urlencoded"))
        .isEqualTo("{\"id\":\"7\"}");
    assertThat(map(steps, "{id: .UniqueID}", "{\"UniqueID\":\"7\"}", "", "application/json"))
        .isEqualTo("{\"id\":\"7\"}");
  }
}
