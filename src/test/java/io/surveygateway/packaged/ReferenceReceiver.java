package io.surveygateway.packaged;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.postgresql.Driver;

/**
 * What a team would write instead of the gateway, in a process of its own: a minimal receiver with
 * one INSERT for each webhook. Fastify's where Node and npm are there, else a plain Java one; both
 * stand in {@code src/test/bench}.
 */
final class ReferenceReceiver implements AutoCloseable {

  private static final Path SOURCES = Path.of("src/test/bench");

  /** The best of 5, 10, 20 and 40, for Fastify. */
  private static final int CONNECTIONS = 20;

  final String name;
  final int port = PackagedGateway.freePort();
  private final Process process;

  ReferenceReceiver(DurablePostgres database, String secret) throws Exception {
    var fastify = hasNode() ? installFastify() : null;
    name = (fastify == null ? "plain Java" : "Fastify") + " + PostgreSQL";
    var command = fastify == null ? plainJava() : List.of("node", "receiver.js");
    var builder = new ProcessBuilder(command);
    if (fastify != null) {
      builder.directory(fastify.toFile());
    }
    builder.environment().put("POPSEE_SECRET", secret);
    builder.environment().put("PORT", "" + port);
    builder.environment().put("CONNECTIONS", "" + CONNECTIONS);
    builder.environment().put("DATABASE_URL", database.url());
    builder.environment().put("JDBC_URL", database.jdbcUrl());
    process = builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::listens);
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return run(Path.of("."), "node", "--version") && run(Path.of("."), "npm", "--version");
    } catch (IOException notThere) {
      return false;
    }
  }

  private static Path installFastify() throws IOException, InterruptedException {
    var folder = Files.createDirectories(Path.of("target/bench/fastify")).toAbsolutePath();
    for (var file : List.of("package.json", "receiver.js")) {
      Files.write(folder.resolve(file), Files.readAllBytes(SOURCES.resolve("fastify/" + file)));
    }
    if (!Files.exists(folder.resolve("node_modules"))
        && !run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock")) {
      throw new IllegalStateException(
          "npm install failed in " + folder + "; without npm the plain Java receiver is measured");
    }
    return folder;
  }

  private static boolean run(Path folder, String... command)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (InputStream said = process.getInputStream()) {
      said.readAllBytes();
    }
    return process.waitFor() == 0;
  }

  private static List<String> plainJava() throws URISyntaxException {
    var driver = Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx256m",
        "-cp",
        Path.of(driver).toString(),
        SOURCES.resolve("PlainReceiver.java").toString());
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException("The receiver ended with " + process.exitValue());
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
