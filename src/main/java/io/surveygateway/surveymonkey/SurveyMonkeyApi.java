package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.upkeep.GoesOnLaterException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * SurveyMonkey's API for the gateway's own work: JSON in and out, each call out of the budget.
 *
 * <p>The token goes to the one host that is set: no redirect is followed, and no address that an
 * answer holds. An answer is read up to {@value #MOST_BYTES} bytes. Safe for use by many threads.
 */
@Component
final class SurveyMonkeyApi {

  /** A hundred responses of a long survey. */
  static final int MOST_BYTES = 32 * 1024 * 1024;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** No call is left for now; comes back at a date. */
  static final class NoCallLeftException extends GoesOnLaterException {

    NoCallLeftException(CallAccount.Wait wait) {
      super(wait.reason(), wait.until());
    }
  }

  private final SurveyMonkeyAccess access;
  private final CallBudget budget;
  private final ObjectMapper json = SurveyJson.mapper();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(Redirect.NEVER).build();

  SurveyMonkeyApi(SurveyMonkeyAccess access, CallBudget budget) {
    this.access = access;
    this.budget = budget;
  }

  /**
   * @param pathAndQuery from the root of the host, made by us of digits and names
   * @param spare calls to leave for events, see {@link CallBudget#callBeside}
   * @throws NoCallLeftException if the budget has none
   * @throws FailureException if it was not reached, or answered something else than 2xx and JSON
   */
  JsonNode get(String pathAndQuery, int spare) {
    return ask("GET", pathAndQuery, null, spare);
  }

  JsonNode send(String method, String path, @Nullable JsonNode body) {
    return ask(method, path, body, 0);
  }

  private JsonNode ask(String method, String pathAndQuery, @Nullable JsonNode body, int spare) {
    var wait = budget.callBeside(spare);
    if (wait != null) {
      throw new NoCallLeftException(wait);
    }
    var request =
        HttpRequest.newBuilder(URI.create(access.apiUrl() + pathAndQuery))
            .timeout(ANSWER)
            .header("Accept", "application/json")
            .header("Authorization", "bearer " + access.accessToken())
            .method(method, publisher(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      var answer = client.send(request.build(), BodyHandlers.ofInputStream());
      hear(answer);
      return read(answer);
    } catch (IOException e) {
      throw new FailureException(
          Failure.transientFailure(
              "SurveyMonkey's API was not reached: " + e.getClass().getSimpleName()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailureException(Failure.transientFailure("The gateway is stopping"), e);
    }
  }

  private static BodyPublisher publisher(@Nullable JsonNode body) {
    return body == null
        ? BodyPublishers.noBody()
        : BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8);
  }

  private void hear(HttpResponse<?> answer) {
    var headers = new HashMap<String, String>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
    budget.heard(answer.statusCode(), headers);
  }

  private JsonNode read(HttpResponse<InputStream> answer) throws IOException {
    var headers = new HashMap<String, String>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
    byte[] bytes;
    try (var body = answer.body()) {
      bytes = body.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new FailureException(
          Failure.permanent(
              "Expected at most " + MOST_BYTES + " bytes from SurveyMonkey's API, and got more"));
    }
    var text = new String(bytes, StandardCharsets.UTF_8);
    if (answer.statusCode() / 100 != 2) {
      throw new FailureException(SurveyMonkeyErrors.ofAnswer(answer.statusCode(), text, headers));
    }
    if (bytes.length == 0) {
      return json.missingNode();
    }
    var read = json.readTree(bytes);
    if (!read.isObject() || read.has("errmsg") || read.has("error")) {
      throw new FailureException(SurveyMonkeyErrors.ofAnswer(answer.statusCode(), text, headers));
    }
    return read;
  }
}
