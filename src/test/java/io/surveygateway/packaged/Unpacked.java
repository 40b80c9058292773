package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The packaged jar, unpacked and with an archive of its classes, as the image has it: its start
 * takes half of what the jar's own takes of a processor.
 *
 * <p>Made once for each jar, by the first that asks; whoever asks meanwhile gets the jar.
 */
final class Unpacked {

  private static final Path FOLDER = Path.of("target", "unpacked").toAbsolutePath();
  private static final Path ARCHIVE = FOLDER.resolve("gateway.jsa");

  private Unpacked() {}

  /** What Java is given to run it. */
  static String[] program() throws IOException, InterruptedException {
    var jar = PackagedGateway.jar();
    Files.createDirectories(FOLDER);
    try (var file =
            FileChannel.open(
                FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = file.tryLock()) {
      if (lock == null) {
        return new String[] {"-jar", jar.toString()};
      }
      if (!isMadeOf(jar)) {
        make(jar);
      }
    }
    return with("-XX:SharedArchiveFile=", jar);
  }

  private static boolean isMadeOf(Path jar) throws IOException {
    return Files.exists(ARCHIVE)
        && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private static void make(Path jar) throws IOException, InterruptedException {
    Files.deleteIfExists(ARCHIVE);
    try (var tools = new PackagedGateway(Map.of())) {
      tools.runBy(
          "-Djarmode=tools",
          "-jar",
          jar.toString(),
          "extract",
          "--force",
          "--destination",
          FOLDER.toString());
      assertThat(tools.launch().awaitEnd()).as(tools.output()).isZero();
    }
    try (var gateway = new PackagedGateway(Map.of())) {
      gateway.runBy(with("-XX:ArchiveClassesAtExit=", jar)).start().stop();
      assertThat(ARCHIVE).as(gateway.output()).isNotEmptyFile();
    }
  }

  private static String[] with(String option, Path jar) {
    return List.of(option + ARCHIVE, "-jar", FOLDER.resolve(jar.getFileName()).toString())
        .toArray(String[]::new);
  }
}
