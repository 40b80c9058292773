package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.operations.ProofOperations;
import io.surveygateway.operations.ProofOperations.Pasted;
import io.surveygateway.operations.ProofOperations.TooOftenException;
import io.surveygateway.webhook.ProofTester.ProofState;
import io.surveygateway.webhook.ProofTester.Tested;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * How providers prove themselves, and why a request does not: it is judged by the checks of its
 * provider's route, and neither kept nor mapped.
 */
@RestController
@RequestMapping(path = "/api/providers", produces = MediaType.APPLICATION_JSON_VALUE)
final class ProofsApi {

  private static final String EXAMPLE =
      "{\"headers\": {\"X-Signature\": \"sha256=...\"}, \"body\": \"...\"} or base64 or hex for"
          + " body, and perhaps query and contentType";

  /** JSON and Base64 make a body longer. */
  private static final int LARGEST = 3 * ProofOperations.LARGEST_BODY;

  /**
   * A request as somebody has it.
   *
   * @param headers by name; an array where one came several times
   * @param query of its address, encoded
   * @param body its text, to the byte
   */
  record Wrapped(
      @Nullable Map<String, JsonNode> headers,
      @Nullable String query,
      @Nullable String contentType,
      @Nullable String body,
      @Nullable String base64,
      @Nullable String hex) {}

  private final ProofOperations proofs;

  ProofsApi(ProofOperations proofs) {
    this.proofs = proofs;
  }

  @Described("See how a provider proves itself, and which of its secrets were used last")
  @GetMapping("/{name}/proof")
  ProofState state(@PathVariable String name) {
    return proofs.state(name).orElseThrow(ProofsApi::unknown);
  }

  @Described(
      value = "Find out which check of a provider's proof a request fails; it is not kept",
      more = "Headers by name; and one of body, base64 and hex. 60 a minute at most",
      body = Wrapped.class,
      isBodyOptional = true)
  @PostMapping("/{name}/check")
  Tested check(@PathVariable String name, HttpServletRequest call, Principal who)
      throws IOException {
    var sent = call.getInputStream().readNBytes(LARGEST + 1);
    var wrapped = ApiBody.read(sent, Wrapped.class, EXAMPLE, LARGEST);
    if (Stream.of(wrapped.body(), wrapped.base64(), wrapped.hex()).filter(Objects::nonNull).count()
        > 1) {
      throw ApiQuery.refuse("Expected one of body, base64 and hex, such as " + EXAMPLE);
    }
    var headers = headers(wrapped.headers());
    var type =
        wrapped.contentType() == null
            ? PastedText.value(headers, HttpHeaders.CONTENT_TYPE)
            : wrapped.contentType();
    var query = wrapped.query() == null ? null : PastedText.query(wrapped.query());
    return proofs
        .check(name, new Pasted(type, headers, query, List.of(body(wrapped))), who.getName())
        .orElseThrow(ProofsApi::unknown);
  }

  private static byte[] body(Wrapped wrapped) {
    if (wrapped.base64() != null) {
      return PastedText.bytes(wrapped.base64(), "base64");
    }
    if (wrapped.hex() != null) {
      return PastedText.bytes(wrapped.hex(), "hex");
    }
    var body = wrapped.body() == null ? new byte[0] : wrapped.body().getBytes(UTF_8);
    if (body.length > ProofOperations.LARGEST_BODY) {
      throw ApiQuery.refuse(
          HttpStatus.PAYLOAD_TOO_LARGE,
          "Expected a body of " + ProofOperations.LARGEST_BODY + " bytes at most");
    }
    return body;
  }

  private static List<Map.Entry<String, String>> headers(@Nullable Map<String, JsonNode> wrapped) {
    var headers = new ArrayList<Map.Entry<String, String>>();
    if (wrapped != null) {
      wrapped.forEach(
          (name, value) -> {
            for (var each : value.isArray() ? value : List.of(value)) {
              if (!each.isTextual()) {
                throw ApiQuery.refuse("Expected a text, or an array of texts, for each header");
              }
              headers.add(Map.entry(name, each.textValue()));
            }
          });
    }
    return PastedText.checked(headers);
  }

  static ErrorResponseException unknown() {
    return ApiQuery.refuse(
        HttpStatus.NOT_FOUND,
        "Expected the name of a provider that a route has; GET /api/providers lists them");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> tooOften(TooOftenException thrown) {
    return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
        .header(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, thrown.until().toSeconds())))
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, thrown.getMessage()));
  }
}
