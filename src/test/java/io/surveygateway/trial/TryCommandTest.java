package io.surveygateway.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.Gateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code java -jar survey-gateway.jar try}, as a process of its own, with nothing in its
 * environment.
 */
class TryCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROVIDERS = "routes/providers/";

  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {

    JsonNode json() throws Exception {
      return JSON.readTree(out);
    }
  }

  private Ended run(String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                Gateway.class.getName(),
                "try"));
    command.addAll(List.of(arguments));
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    var process = builder.start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static boolean isData() {
    return Files.exists(Path.of("data"));
  }

  @Test
  void printsWhatASampleBecomesAndWhatIsSent() throws Exception {
    var wasData = isData();

    var ended = run("popsee", PROVIDERS + "popsee/samples/completed.json");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.json().at("/events/0/event"))
        .isEqualTo(
            JSON.readTree(Path.of(PROVIDERS, "popsee/samples/completed.expected.json").toFile()));
    assertThat(ended.json().at("/events/0/destinations").findValuesAsText("destination"))
        .containsExactly("database", "salesforce", "slack");
    assertThat(ended.json().findValues("problem")).isEmpty();
    assertThat(isData()).isEqualTo(wasData);
  }

  @Test
  void readsTheFilesBesideASample() throws Exception {
    var samples = Path.of(PROVIDERS, "qualtrics/samples");

    var ended = run("qualtrics", samples.resolve("every-kind-of-answer.txt").toString());

    assertThat(ended.json().path("fetches")).hasSize(1);
    assertThat(ended.json().at("/events/0/event"))
        .isEqualTo(JSON.readTree(samples.resolve("every-kind-of-answer.expected.json").toFile()));
    assertThat(ended.json().at("/setAside")).isEmpty();
    assertThat(ended.code()).isZero();
  }

  @Test
  void endsWith1WhereTheSchemaRefusesAnEvent() throws Exception {
    var mapping = folder.resolve("other.jq");
    Files.writeString(
        mapping,
        Files.readString(Path.of(PROVIDERS, "popsee/popsee.jq")) + "\n| del(.data.status)",
        UTF_8);

    var ended = run("popsee", PROVIDERS + "popsee/samples/completed.json", "--mapping=" + mapping);

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.json().at("/setAside/0/reason").asText())
        .contains("required property 'status' not found");
  }

  @Test
  void endsWith2WhereItCannotBeTried() throws Exception {
    var mapping = folder.resolve("broken.jq");
    Files.writeString(mapping, "{\n  id: nosuch(1)\n}", UTF_8);

    var broken = run("popsee", PROVIDERS + "popsee/samples/completed.json", "--mapping=" + mapping);
    var without = run("popsee");

    assertThat(broken.code()).isEqualTo(2);
    assertThat(broken.out()).isEmpty();
    assertThat(broken.err()).contains("popsee.jq, line 2, column 7: jq has no function nosuch/1");
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("Expected a provider and a file", "Usage:");
  }
}
