package io.surveygateway.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** What processes have taken of the machine so far, read from Linux's {@code /proc} where it is. */
final class ProcessUsage {

  private static final Path PROC = Path.of("/proc");

  /** Of {@code /proc/<pid>/stat}: always so on Linux (proc(5), "sysconf(_SC_CLK_TCK)"). */
  private static final long TICKS_A_SECOND = 100;

  private ProcessUsage() {}

  /** Time of processors that it and all its children have had, those that have ended too. */
  static Duration processorTime(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .map(ProcessUsage::own)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The same without its children that still run. */
  static Duration own(ProcessHandle process) {
    try {
      var stat = Files.readString(PROC.resolve(process.pid() + "/stat"));
      // The name before may hold blanks; after it utime, stime and those of ended children.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      var ticks = Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum();
      return Duration.ofMillis(ticks * 1000 / TICKS_A_SECOND);
    } catch (IOException noLinuxOrEnded) {
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
  }

  /** Megabytes of memory that it has now, without its children; -1 where that cannot be had. */
  static long residentMegabytes(ProcessHandle process) throws IOException {
    try (var lines = Files.lines(PROC.resolve(process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findAny()
          .orElse(-1);
    } catch (NoSuchFileException noLinux) {
      return -1;
    }
  }
}
