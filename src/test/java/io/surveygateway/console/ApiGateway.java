package io.surveygateway.console;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.Gateway;
import io.surveygateway.PublicAddress;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole gateway as shipped, over HTTP: its webhooks, and its API as the admin. */
final class ApiGateway implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMIN =
      "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes());

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ConfigurableApplicationContext gateway;

  /**
   * @param folder of the store
   */
  ApiGateway(Path folder, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--gateway.console.admin-password=secret",
                "--gateway.store.folder=" + folder,
                "--gateway.providers.popsee.secret=" + SampleSecrets.DEMO.popsee(),
                "--gateway.providers.smartsurvey.secret=" + SampleSecrets.DEMO.smartSurvey()));
    arguments.addAll(List.of(more));
    gateway = new SpringApplicationBuilder(Gateway.class).run(arguments.toArray(String[]::new));
  }

  /** A part of it. */
  <T> T get(Class<T> type) {
    return gateway.getBean(type);
  }

  /** What came back: a status and JSON. */
  record Answered(int status, String type, JsonNode json, HttpResponse<String> response) {}

  Answered get(String path) {
    return send(HttpRequest.newBuilder(api(path)).GET());
  }

  /** The one of a list whose member has this value. */
  JsonNode find(String path, String list, String member, String value) {
    for (var one : get(path).json().path(list)) {
      if (one.path(member).asText().equals(value)) {
        return one;
      }
    }
    throw new AssertionError("Expected one of " + path + " with " + member + " " + value);
  }

  Answered post(String path) {
    return send(HttpRequest.newBuilder(api(path)).POST(BodyPublishers.noBody()));
  }

  Answered post(String path, String json) {
    return send(
        HttpRequest.newBuilder(api(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  Answered send(HttpRequest.Builder request) {
    try {
      var response =
          http.send(request.header("Authorization", ADMIN).build(), BodyHandlers.ofString());
      return new Answered(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()),
          response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  URI api(String path) {
    return URI.create(
        "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port") + path);
  }

  /**
   * @return the status of the answer
   */
  int deliver(SampleRequest sample) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + sample.path()))
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  <T> T bean(Class<T> type) {
    return gateway.getBean(type);
  }

  <T> T bean(String name, Class<T> type) {
    return gateway.getBean(name, type);
  }

  long count(String sql, Object... parameters) {
    return bean(Store.class).read(jdbc -> jdbc.queryForObject(sql, Long.class, parameters));
  }

  String text(String sql, Object... parameters) {
    return bean(Store.class).read(jdbc -> jdbc.queryForObject(sql, String.class, parameters));
  }

  void awaitCount(long expected, String sql, Object... parameters) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .alias(sql)
        .until(() -> count(sql, parameters) == expected);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
