package io.surveygateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.Gateway;
import io.surveygateway.PublicAddress;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;

/** The whole gateway over HTTP, with a copy of {@code routes/} that tests edit while it runs. */
final class EditedGateway implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMIN =
      "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes());
  private static final Set<String> PROVIDERS = Set.of("popsee", "smartsurvey", "surveymonkey");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path routes;
  private final Map<Path, byte[]> shipped = new TreeMap<>();
  private final ConfigurableApplicationContext gateway;

  /**
   * @param folder for the store and the copy
   * @param beans adds those that routes of a test name
   */
  EditedGateway(Path folder, Consumer<GenericApplicationContext> beans, String... more)
      throws IOException {
    routes = folder.resolve("routes");
    FileSystemUtils.copyRecursively(Path.of("routes"), routes);
    leaveOutOtherProviders();
    for (var file : files()) {
      if (file.toString().endsWith(".camel.yaml")) {
        var text = Files.readString(file);
        Files.writeString(
            file,
            text.replace("resource:file:routes/", "resource:file:" + routes + "/")
                // Slack's own limit would be waited for.
                .replace("rate: 1\n", "rate: 1000\n"));
      }
      shipped.put(file, Files.readAllBytes(file));
    }
    var arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--gateway.console.admin-password=secret",
                "--gateway.store.folder=" + folder.resolve("data"),
                "--gateway.reload.enabled=true",
                "--gateway.reload.settle=100ms",
                "--camel.main.routes-include-pattern=file:" + routes + "/**/*.yaml",
                "--camel.component.kamelet.location=file:" + routes + "/kamelets"));
    arguments.addAll(List.of(more));
    gateway =
        new SpringApplicationBuilder(Gateway.class)
            .initializers((GenericApplicationContext context) -> beans.accept(context))
            .run(arguments.toArray(String[]::new));
  }

  /** Each would be looked through and built at each reload, and there are dozens of those. */
  private void leaveOutOtherProviders() throws IOException {
    try (var providers = Files.list(routes.resolve("providers"))) {
      for (var provider :
          providers.filter(p -> !PROVIDERS.contains(p.getFileName().toString())).toList()) {
        FileSystemUtils.deleteRecursively(provider);
      }
    }
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(routes)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Puts everything back, and waits until it runs. */
  void restore() throws IOException {
    for (var file : files()) {
      if (!shipped.containsKey(file)) {
        Files.delete(file);
      }
    }
    for (var file : shipped.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.write(file.getKey(), file.getValue());
    }
    assertThat(awaitAttempt().path("outcome").asText("none")).isIn("none", "loaded", "unchanged");
  }

  Path file(String path) {
    return routes.resolve(path);
  }

  /** Replaces the first of what must be there, and gives the line where it stood. */
  int edit(String path, String from, String to) throws IOException {
    var text = Files.readString(file(path));
    var at = text.indexOf(from);
    assertThat(at).as("%s in %s", from, path).isNotNegative();
    Files.writeString(file(path), text.substring(0, at) + to + text.substring(at + from.length()));
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  /** A folder with another name and other words in it, file by file as a person would copy it. */
  void copyFolder(String from, String to, String word, String otherWord) throws IOException {
    for (var file : files()) {
      if (file.startsWith(file(from)) && !file.toString().contains("samples")) {
        var name = file(from).relativize(file).toString().replace(word, otherWord);
        var copy = file(to).resolve(name);
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, Files.readString(file).replace(word, otherWord));
      }
    }
  }

  void deleteFolder(String path) throws IOException {
    assertThat(FileSystemUtils.deleteRecursively(file(path))).isTrue();
  }

  /** Waits until the watch has tried to load what is there now, and tells how that went. */
  JsonNode awaitAttempt() {
    var reload = bean(Reloading.class).reload().orElseThrow();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> reload.tried().equals(RouteSet.read(routes)));
    return get("/api/reload").json();
  }

  /** What came back: a status and JSON. */
  record Answered(int status, String type, JsonNode json) {}

  Answered get(String path) {
    return send(HttpRequest.newBuilder(console(path)).GET());
  }

  Answered post(String path) {
    return send(HttpRequest.newBuilder(console(path)).POST(BodyPublishers.noBody()));
  }

  Answered post(String path, String json) {
    return send(
        HttpRequest.newBuilder(console(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private Answered send(HttpRequest.Builder request) {
    var response = exchange(request.header("Authorization", ADMIN).build());
    try {
      return new Answered(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private URI console(String path) {
    return URI.create(
        "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port") + path);
  }

  /** Sends as a provider does. */
  HttpResponse<String> deliver(SampleRequest sample) {
    var request =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + sample.path()))
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    return exchange(request.build());
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  <T> T bean(Class<T> type) {
    return gateway.getBean(type);
  }

  long count(String sql, Object... parameters) {
    return bean(Store.class).read(jdbc -> jdbc.queryForObject(sql, Long.class, parameters));
  }

  List<String> texts(String sql, Object... parameters) {
    return bean(Store.class).read(jdbc -> jdbc.queryForList(sql, String.class, parameters));
  }

  void awaitCount(long expected, String sql, Object... parameters) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(count(sql, parameters)).as(sql).isEqualTo(expected));
  }

  @Override
  public void close() {
    gateway.close();
  }
}
