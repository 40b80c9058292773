package io.surveygateway.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a person reads when the gateway does not start because of its settings' file. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsFileAnalyzerTest {

  @Test
  void saysWhereItStopsBeingYamlAndQuotesNothing(@TempDir Path folder, CapturedOutput output)
      throws IOException {
    var file = Files.writeString(folder.resolve("application.yaml"), "a:\n  secret: hush: b\n");
    var start = new SpringApplicationBuilder(Object.class).web(WebApplicationType.NONE);

    assertThat(catchThrowable(() -> start.run("--spring.config.location=file:" + file)))
        .isNotNull();

    assertThat(output.toString())
        .contains(
            "application.yaml cannot be read, line 2, column 15: mapping values are not allowed"
                + " here")
        .doesNotContain("hush", "\tat ");
  }
}
