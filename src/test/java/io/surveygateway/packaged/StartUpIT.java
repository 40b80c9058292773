package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.packaged.BenchTable.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a start costs until the gateway is ready: the jar as it is built, and unpacked with the
 * archive of classes that the image has, made as {@code docker/Dockerfile} makes it.
 *
 * <p>Run by profile {@code bench}; the table is kept in {@code target/bench}.
 */
class StartUpIT {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @TempDir Path folder;

  private static String java() {
    return System.getProperty(
        "gateway.java", ProcessHandle.current().info().command().orElse("java"));
  }

  /** To be run from Java 25 on; before it the older kind of archive is all there is. */
  private static boolean hasAotCache() {
    return Runtime.version().feature() >= 25;
  }

  @Test
  void startsSoonerWithAnArchive() throws Exception {
    run(
        Path.of("").toAbsolutePath(),
        "-Djarmode=tools",
        "-jar",
        PackagedGateway.jar().toString(),
        "extract",
        "--force",
        "--destination",
        folder.toString());
    copy(Path.of("routes"));
    Files.copy(Path.of("application.yaml"), folder.resolve("application.yaml"));
    var jar = onlyJarIn(folder);
    var archive = folder.resolve("gateway.archive").toString();
    var train = Path.of("docker/Train.java").toAbsolutePath().toString();
    run(
        folder,
        train,
        java(),
        (hasAotCache() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive,
        "-jar",
        jar);
    assertThat(Path.of(archive)).isNotEmptyFile();

    var table =
        new BenchTable(
            "Start, Java %d, %d rounds".formatted(Runtime.version().feature(), ROUNDS),
            new Column("CPU s until ready", 1),
            new Column("s until ready", 1),
            new Column("RSS, MB", 0));
    var ways = new LinkedHashMap<String, String[]>();
    ways.put("the jar", new String[] {"-jar", PackagedGateway.jar().toString()});
    ways.put(
        "unpacked, with an archive",
        new String[] {
          (hasAotCache() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive, "-jar", jar
        });
    for (var round = 0; round < ROUNDS; round++) {
      for (var way : ways.entrySet()) {
        start(way.getKey(), way.getValue(), table);
      }
    }
    table.write("start");
  }

  private static void start(String name, String[] arguments, BenchTable table) throws Exception {
    var environment = Map.of("POPSEE_SECRET", "s", "SMARTSURVEY_SECRET", "s");
    try (var gateway = new PackagedGateway(environment).runBy(arguments)) {
      var begin = System.nanoTime();
      gateway.start();
      table.add(
          name,
          gateway.processorTime().toMillis() / 1e3,
          (System.nanoTime() - begin) / 1e9,
          ProcessUsage.residentMegabytes(gateway.process()));
    }
  }

  private static void run(Path where, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(java()));
    command.addAll(List.of(arguments));
    var output = Files.createTempFile(Path.of("target"), "start-up", ".log");
    var process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as("see " + output).isZero();
  }

  private void copy(Path from) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(file.toString()));
      }
    }
  }

  private static String onlyJarIn(Path folder) throws IOException {
    try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
      return jars.iterator().next().toAbsolutePath().toString();
    }
  }
}
