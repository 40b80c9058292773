package io.surveygateway.packaged;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;

/** {@code src/test/bench/WebhookLoad.java} in a process of its own: sends webhooks by HTTP. */
final class LoadProcess implements AutoCloseable {

  /** Digits at the end of a response's id: the request's number. */
  static final int DIGITS = 12;

  /**
   * What came of one round.
   *
   * @param accepted numbers of the requests that were answered 200
   * @param others answered anything else
   */
  record Round(
      BitSet accepted, long others, Duration took, Duration median, Duration p99, Duration worst) {

    double acceptedASecond() {
      return accepted.cardinality() / (took.toNanos() / 1e9);
    }
  }

  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter orders;
  private final Path accepted;
  private int next = 1;

  LoadProcess(String secret) throws IOException {
    accepted = Files.createTempFile(Path.of("target"), "accepted", ".bits").toAbsolutePath();
    var java = ProcessHandle.current().info().command().orElse("java");
    var builder =
        new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=1500m",
            "src/test/bench/WebhookLoad.java");
    builder.environment().put("POPSEE_SECRET", secret);
    process = builder.redirectError(Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    answers = process.inputReader(StandardCharsets.UTF_8);
    orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
  }

  /** Makes so many requests to this port, with numbers that none had before, and sends none. */
  void prepare(int port, int connections, int requests) throws IOException {
    ask("prepare " + port + " " + connections + " " + next + " " + requests);
    next += requests;
  }

  /** Sends them, until the time is over or none is left: each as soon as a connection is free. */
  Round go(Duration time) throws IOException {
    return go(time, 0);
  }

  /**
   * @param pace so many fall due a second, answered or not; 0: each as soon as a connection is free
   */
  Round go(Duration time, int pace) throws IOException {
    var words = ask("go " + time.toMillis() + " " + accepted + " " + pace).split(" ");
    return new Round(
        BitSet.valueOf(Files.readAllBytes(accepted)),
        Long.parseLong(words[2]),
        Duration.ofNanos(Long.parseLong(words[3])),
        micros(words[4]),
        micros(words[5]),
        micros(words[6]));
  }

  private static Duration micros(String word) {
    return Duration.ofNanos(1000 * Long.parseLong(word));
  }

  private String ask(String order) throws IOException {
    orders.println(order);
    var answer = answers.readLine();
    if (answer == null) {
      throw new IOException("The load generator ended at: " + order);
    }
    return answer;
  }

  Duration processorTime() {
    return ProcessUsage.processorTime(process.toHandle());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Files.delete(accepted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
