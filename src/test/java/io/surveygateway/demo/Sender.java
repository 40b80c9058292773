package io.surveygateway.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends samples to a gateway, as the providers do. Threads may share it. */
public final class Sender {

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * @param base the gateway's public address, such as {@code http://127.0.0.1:8080}
   */
  public Sender(String base) {
    this.base = URI.create(base);
  }

  /** The status of the answer. */
  public int send(SampleRequest sample) throws IOException, InterruptedException {
    return http.send(requestFor(sample), BodyHandlers.discarding()).statusCode();
  }

  /** The status of the answer, once it is there. */
  public CompletableFuture<Integer> sendAsync(SampleRequest sample) {
    return http.sendAsync(requestFor(sample), BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  private HttpRequest requestFor(SampleRequest sample) {
    var request =
        HttpRequest.newBuilder(base.resolve(sample.path()))
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    return request.build();
  }
}
