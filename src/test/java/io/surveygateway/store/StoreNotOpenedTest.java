package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

/** What a person reads when the gateway does not start because of its store. */
@ExtendWith(OutputCaptureExtension.class)
class StoreNotOpenedTest {

  @TempDir Path folder;

  @Test
  void saysThatAnotherGatewayHasTheFolder(CapturedOutput output) throws IOException {
    try (var lock = FolderLock.take(folder)) {
      assertThat(lock).isNotNull();

      assertThat(report("", "", "", output))
          .isEqualTo(
              """
              Description:

              Another gateway uses %s: an embedded store belongs to one process

              Action:

              Stop the other, give this one its own GATEWAY_DATA, or share a PostgreSQL store by \
              DATABASE_URL.
              """
                  .formatted(folder));
    }
  }

  @Test
  void saysThatTheFolderIsNone(CapturedOutput output) throws IOException {
    folder = Files.createFile(folder.resolve("data"));

    assertThat(report("", "", "", output))
        .startsWith(
            "Description:\n\nExpected GATEWAY_DATA to be a folder that the gateway may write to, and "
                + folder
                + " is not: ")
        .endsWith("or name another by GATEWAY_DATA.\n");
  }

  @Test
  void saysThatTheFileIsNoStore(CapturedOutput output) throws IOException {
    Files.writeString(folder.resolve("gateway.db"), "no database at all ".repeat(100));

    assertThat(report("", "", "", output))
        .startsWith("Description:\n\nThe embedded store in " + folder + " cannot be opened: ")
        .contains("put back a copy of it");
  }

  @Test
  void saysThatTheDatabaseIsNotThereAndNoSecret(CapturedOutput output) {
    assertThat(report("jdbc:postgresql://127.0.0.1:1/x?password=hush", "me", "hush", output))
        .startsWith(
            "Description:\n\nThe store at DATABASE_URL cannot be opened: Connection to 127.0.0.1:1"
                + " refused.")
        .contains("mend DATABASE_URL, DATABASE_USERNAME or DATABASE_PASSWORD");
    assertThat(output.toString()).doesNotContain("hush");
  }

  private String report(String url, String user, String password, CapturedOutput output) {
    var properties =
        new StoreProperties(
            folder, url, user, password, 4, Duration.ofSeconds(30), Duration.ofMillis(250));
    var start =
        new SpringApplicationBuilder(StoreConfiguration.class)
            .web(WebApplicationType.NONE)
            .initializers(
                (GenericApplicationContext context) ->
                    context.registerBean(StoreProperties.class, () -> properties));

    assertThat(catchThrowable(() -> start.run("--spring.config.location=optional:file:none/")))
        .isNotNull();
    assertThat(output.toString()).doesNotContain("\tat ");
    var report = output.toString();
    return report.substring(report.lastIndexOf("Description:")).stripTrailing() + "\n";
  }
}
