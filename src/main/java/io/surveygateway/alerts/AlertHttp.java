package io.surveygateway.alerts;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Posts a few bytes of JSON, and hears of the answer no more than its head. One call for one try;
 * no redirect is followed. What it says of a failure holds no address. Safe for use by many
 * threads.
 */
final class AlertHttp {

  /** Of one call, until the answer's head. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Duration longest;
  private @Nullable HttpClient client;

  /**
   * @param longest until the answer's head
   */
  AlertHttp(Duration longest) {
    this.longest = longest;
  }

  /**
   * An address that may be posted to: by https, or on this machine.
   *
   * @param variable that holds it
   * @throws IllegalArgumentException if it is none; the message does not repeat it, since it may
   *     hold a key
   */
  static URI address(String variable, String text) {
    try {
      var address = new URI(text.strip());
      var isHere = address.getHost() != null && THIS_MACHINE.contains(address.getHost());
      if (address.getHost() != null
          && ("https".equals(address.getScheme())
              || (isHere && "http".equals(address.getScheme())))) {
        return address;
      }
    } catch (URISyntaxException quotesTheAddress) {
      // Said below, without it.
    }
    throw new IllegalArgumentException(
        variable + " is no address that begins with https:// and a host");
  }

  /**
   * @param who is posted to, for the words of a failure
   * @throws FailureException if the answer is not a 2xx
   */
  void post(String who, URI address, Map<String, String> headers, byte[] json) {
    var request =
        HttpRequest.newBuilder(address)
            .timeout(longest)
            .header("Content-Type", "application/json")
            .header("User-Agent", "survey-gateway")
            .POST(BodyPublishers.ofByteArray(json));
    headers.forEach(request::header);
    try {
      var answer = client().send(request.build(), BodyHandlers.ofInputStream());
      answer.body().close();
      if (answer.statusCode() < 200 || answer.statusCode() > 299) {
        throw new FailureException(
            new Failure(
                Failure.Kind.TRANSIENT,
                who + " answered " + answer.statusCode(),
                retryAfter(answer)));
      }
    } catch (IOException e) {
      throw new FailureException(
          Failure.transientFailure(
              who + " was not reached, or did not answer in time: " + e.getClass().getSimpleName()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailureException(Failure.transientFailure("The gateway is stopping"), e);
    }
  }

  /** Not before it is needed: it has threads of its own. */
  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .followRedirects(Redirect.NEVER)
              .build();
    }
    return client;
  }

  private static @Nullable Duration retryAfter(HttpResponse<?> answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(null);
  }
}
