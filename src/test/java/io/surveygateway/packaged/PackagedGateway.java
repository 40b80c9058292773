package io.surveygateway.packaged;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The runnable jar in a process of its own, in a folder that holds {@code routes/}, {@code
 * application.yaml} and nothing else, set up by environment variables alone.
 *
 * <p>The same one can be started again after it was stopped or killed: it keeps its folder and its
 * ports. System property {@code gateway.java} names another {@code java} to run it with, and {@code
 * gateway.options} options of it, with blanks between, such as a profiler's.
 */
public final class PackagedGateway implements AutoCloseable {

  private static final Set<String> SETTINGS = settings();
  private static final List<String> OPTIONS =
      Stream.of(System.getProperty("gateway.options", "").split(" "))
          .filter(option -> !option.isEmpty())
          .toList();
  private static final Duration LONGEST_START = Duration.ofSeconds(240);

  final Path folder;
  public final String webhooks;
  public final String console;
  private final Map<String, String> environment = new HashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile Process process;
  private @Nullable String crash;
  private List<String> program = List.of("-jar", jar().toString());
  private int starts;

  public PackagedGateway(Map<String, String> environment) {
    var webhookPort = freePort();
    var consolePort = freePort();
    this.webhooks = "http://127.0.0.1:" + webhookPort;
    this.console = "http://127.0.0.1:" + consolePort;
    this.environment.put("WEBHOOK_PORT", "" + webhookPort);
    this.environment.put("CONSOLE_PORT", "" + consolePort);
    this.environment.putAll(environment);
    try {
      folder = Files.createTempDirectory(Path.of("target"), "packaged").toAbsolutePath();
      copy(Path.of("routes"), folder.resolve("routes"));
      Files.copy(Path.of("application.yaml"), folder.resolve("application.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Below those that a system gives to outgoing connections, which could take it meanwhile. */
  static int freePort() {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken: another one.
        continue;
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** The one that was built. */
  static Path jar() {
    try (var files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("survey-gateway-.*\\.jar"))
          .findFirst()
          .orElseThrow(
              () -> new FileSystemException("target", null, "Expected the jar: run ./mvnw package"))
          .toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it and waits for nothing. */
  PackagedGateway launch() {
    var java =
        System.getProperty("gateway.java", ProcessHandle.current().info().command().orElse("java"));
    var command = new ArrayList<>(List.of(java, "-Xmx256m"));
    command.addAll(OPTIONS);
    command.addAll(crash == null ? program : behindCrashDriver(crash));
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile());
    builder.environment().keySet().removeIf(PackagedGateway::isOurs);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
      // A test that ends early must not leave a gateway behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /**
   * From its next start on it dies at this commit (see {@link CrashDriver}); null: at none.
   *
   * @param point such as {@code step:before:2}
   */
  PackagedGateway crashAt(@Nullable String point) {
    crash = point;
    return this;
  }

  /** From its next start on these variables are set too. */
  PackagedGateway with(Map<String, String> more) {
    environment.putAll(more);
    return this;
  }

  /** From its next start on the jar is run {@link Unpacked}: for tests of what comes after. */
  public PackagedGateway unpacked() {
    try {
      return runBy(Unpacked.program());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** From its next start on Java is given these arguments, where else it is given the jar. */
  PackagedGateway runBy(String... arguments) {
    program = List.of(arguments);
    return this;
  }

  /**
   * The packaged jar as it is, with a JDBC driver of ours that its own class loader finds first.
   */
  private List<String> behindCrashDriver(String point) {
    var drivers = folder.resolve("crash-driver");
    try {
      var services = Files.createDirectories(drivers.resolve("META-INF/services"));
      Files.writeString(services.resolve("java.sql.Driver"), CrashDriver.class.getName());
      var own = CrashDriver.class.getPackageName().replace('.', '/');
      var here =
          Path.of(CrashDriver.class.getProtectionDomain().getCodeSource().getLocation().getPath());
      Files.createDirectories(drivers.resolve(own));
      Files.copy(
          here.resolve(own).resolve("CrashDriver.class"),
          drivers.resolve(own).resolve("CrashDriver.class"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(
        "-D" + CrashDriver.PROPERTY + "=" + point,
        "-cp",
        jar() + File.pathSeparator + drivers,
        "org.springframework.boot.loader.launch.JarLauncher");
  }

  /** The machine's own settings must not reach the gateway under test. */
  private static boolean isOurs(String variable) {
    return SETTINGS.contains(variable)
        || variable.matches("(GATEWAY|SPRING|CAMEL|SERVER|JAVA_TOOL)_.*");
  }

  /** The variables that application.yaml reads. */
  private static Set<String> settings() {
    try {
      return Pattern.compile("\\$\\{([A-Z0-9_]+):")
          .matcher(Files.readString(Path.of("application.yaml")))
          .results()
          .map(setting -> setting.group(1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it, and returns when it is ready. */
  public PackagedGateway start() {
    launch();
    awaitReady();
    return this;
  }

  /** Returns when it is ready, after it was launched. */
  void awaitReady() {
    Awaitility.await()
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("The gateway ended:\n" + output());
              }
              return status(console + "/actuator/health/readiness") == 200;
            });
  }

  /** The status, or 0 where nobody answers. */
  int status(String url) throws InterruptedException {
    try {
      return send(HttpRequest.newBuilder(URI.create(url))).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** SIGKILL: it is given no time for anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /** What its process has taken of the processors so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** SIGTERM, and its exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The gateway did not stop within a minute:\n" + output());
    }
    return process.exitValue();
  }

  /** Waits for it to end by itself, and gives its exit code. */
  int awaitEnd() throws InterruptedException {
    return awaitEnd(LONGEST_START);
  }

  int awaitEnd(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("The gateway did not end by itself:\n" + output());
    }
    return process.exitValue();
  }

  /** What its last run has printed so far. */
  String output() {
    try {
      return Files.readString(folder.resolve("gateway-" + starts + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    starts++;
    return folder.resolve("gateway-" + starts + ".log");
  }

  /** JDBC address of its embedded store, which is its business database too. */
  public String database() {
    return "jdbc:sqlite:" + folder.resolve("data" + File.separator + "gateway.db");
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }
}
