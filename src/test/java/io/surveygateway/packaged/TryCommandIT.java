package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * {@code java -jar survey-gateway.jar try}, as the README gives it to somebody who adds a provider.
 */
class TryCommandIT {

  private static final String SAMPLE = "routes/providers/popsee/samples/completed.json";

  private record Ended(int code, String out, String err) {}

  private static Ended run(Path folder) throws Exception {
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var java = ProcessHandle.current().info().command().orElse("java");
    var process =
        new ProcessBuilder(java, "-jar", PackagedGateway.jar().toString(), "try", "popsee", SAMPLE)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void printsWhatASampleBecomesAndNamesAMistakeByFileAndLine() throws Exception {
    try (var gateway = new PackagedGateway(Map.of())) {
      var ended = run(gateway.folder);

      assertThat(ended.err()).isEmpty();
      assertThat(ended.code()).isZero();
      assertThat(
              new ObjectMapper()
                  .readTree(ended.out())
                  .at("/events/0/destinations")
                  .findValuesAsText("destination"))
          .containsExactly("database", "salesforce", "slack");
      assertThat(gateway.folder.resolve("data")).doesNotExist();

      var route = gateway.folder.resolve("routes/providers/popsee/popsee.camel.yaml");
      Files.writeString(
          route, Files.readString(route).replaceFirst("- unmarshal:", "- unmarshall:"));
      var broken = run(gateway.folder);

      assertThat(broken.code()).isEqualTo(2);
      assertThat(broken.out()).isEmpty();
      assertThat(broken.err())
          .containsPattern(
              "routes/providers/popsee/popsee\\.camel\\.yaml, line \\d+, column \\d+: There is no"
                  + " step unmarshall\\. Did you mean unmarshal\\?");
    }
  }
}
