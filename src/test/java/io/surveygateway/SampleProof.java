package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sample's sender proved itself with: {@code <situation>.proof.json}, made outside the
 * gateway.
 *
 * @param settings those of {@code application.yaml} that the proof is checked with, secrets made up
 *     for the sample
 * @param madeBy the command that made the proof, run in the folder of the samples; for people, the
 *     day when a sample is changed
 * @param headers the proof, as far as it stands in headers: each is needed, and one altered
 *     character refused
 * @param query the proof, as far as it stands in the address, encoded; each value as in headers
 * @param sent the body with the proof in it, where there is one; the sample is the body without
 * @param bodyIsSigned whether another body with the same proof is refused; a shared key covers
 *     nothing
 */
record SampleProof(
    @JsonProperty(required = true) Map<String, String> settings,
    @JsonProperty(required = true) String madeBy,
    @Nullable Map<String, String> headers,
    @Nullable Map<String, String> query,
    @Nullable String sent,
    @JsonProperty(required = true) boolean bodyIsSigned) {

  /** When every proof with a time was made: then the gateway's clock stands still. */
  static final String MADE_AT = "2026-03-02T10:00:00Z";

  private static final ObjectMapper JSON = new ObjectMapper();

  SampleProof {
    headers = headers == null ? Map.of() : Map.copyOf(headers);
    query = query == null ? Map.of() : Map.copyOf(query);
    if (headers.isEmpty() && query.isEmpty() && sent == null) {
      throw new IllegalArgumentException(
          "Expected headers, query or sent to hold the proof, and there is none of them");
    }
  }

  static SampleProof read(Path file) {
    try {
      return JSON.readValue(file.toFile(), SampleProof.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected a proof of a sample in " + file, e);
    }
  }

  byte[] sentOr(byte[] body) {
    return sent == null ? body : sent.getBytes(UTF_8);
  }
}
