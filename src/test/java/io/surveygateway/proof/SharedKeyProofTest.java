package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SharedKeyProofTest {

  private static final String HEADER = "X-SmarterMeasure-Verification-Key";
  private static final String QUERY = "VerificationKey";
  private static final String KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final String OLD_KEY = "11112222333344445555666677778888";

  private static final Verdict CURRENT = new Proved("current secret");
  private static final Verdict PREVIOUS = new Proved("previous secret");

  private static final SharedKeyProof EITHER =
      new SharedKeyProof(HEADER, QUERY, Keys.of(KEY, OLD_KEY));
  private static final SharedKeyProof HEADER_ONLY =
      new SharedKeyProof(HEADER, null, Keys.of(KEY, OLD_KEY));
  private static final SharedKeyProof QUERY_ONLY =
      new SharedKeyProof("", QUERY, Keys.of(KEY, OLD_KEY));

  private static SampleRequest request() {
    return SampleRequest.of("{\"event\":\"assessment.completed\"}");
  }

  @Test
  void believesTheKeyInTheHeader() {
    assertThat(EITHER.judge(request().withHeader(HEADER, KEY))).isEqualTo(CURRENT);
    assertThat(HEADER_ONLY.judge(request().withHeader(HEADER, KEY))).isEqualTo(CURRENT);
  }

  @Test
  void believesTheKeyInTheQuery() {
    assertThat(EITHER.judge(request().withQuery(QUERY, KEY))).isEqualTo(CURRENT);
    assertThat(QUERY_ONLY.judge(request().withQuery(QUERY, KEY))).isEqualTo(CURRENT);
  }

  @Test
  void believesTheKeyInBoth() {
    assertThat(EITHER.judge(request().withHeader(HEADER, KEY).withQuery(QUERY, KEY)))
        .isEqualTo(CURRENT);
  }

  @Test
  void believesTwoKeysOfOursWhileOneIsRotated() {
    assertThat(EITHER.judge(request().withHeader(HEADER, KEY).withQuery(QUERY, OLD_KEY)))
        .isEqualTo(PREVIOUS);
    assertThat(EITHER.judge(request().withHeader(HEADER, OLD_KEY).withQuery(QUERY, KEY)))
        .isEqualTo(PREVIOUS);
  }

  @Test
  void saysThatThePreviousKeyFitted() {
    assertThat(EITHER.judge(request().withHeader(HEADER, OLD_KEY))).isEqualTo(PREVIOUS);
  }

  @Test
  void takesAHeadersCharactersForTheBytesOfTheKey() {
    var proof = new SharedKeyProof(HEADER, QUERY, Keys.of("clé-ü"));

    // As an HTTP server reads the UTF-8 that came over the wire.
    var asRead = new String("clé-ü".getBytes(UTF_8), ISO_8859_1);

    assertThat(proof.judge(request().withHeader(HEADER, asRead))).isEqualTo(CURRENT);
    assertThat(proof.judge(request().withQuery(QUERY, "clé-ü"))).isEqualTo(CURRENT);
  }

  /**
   * The table of attacks: what is wrong, whom it is sent to, the request, what an operator reads.
   */
  static Stream<Arguments> attacks() {
    var neither = HEADER + " and query parameter VerificationKey are missing";
    var wrongHeader = HEADER + " does not match: another key";
    var wrongQuery = "query parameter VerificationKey does not match: another key";
    var wrongBoth = HEADER + " and query parameter VerificationKey do not match: another key";
    return Stream.of(
        arguments("no key", EITHER, request(), neither),
        arguments("no header", HEADER_ONLY, request(), HEADER + " is missing"),
        arguments(
            "no parameter", QUERY_ONLY, request(), "query parameter VerificationKey is missing"),
        arguments(
            "another key in the header", EITHER, request().withHeader(HEADER, "a"), wrongHeader),
        arguments("another key in the query", EITHER, request().withQuery(QUERY, "a"), wrongQuery),
        arguments(
            "another key in both",
            EITHER,
            request().withHeader(HEADER, "a").withQuery(QUERY, "b"),
            wrongBoth),
        arguments(
            "the key in the header, another in the query",
            EITHER,
            request().withHeader(HEADER, KEY).withQuery(QUERY, "a"),
            wrongQuery),
        arguments(
            "another key in the header, the key in the query",
            EITHER,
            request().withHeader(HEADER, "a").withQuery(QUERY, KEY),
            wrongHeader),
        arguments(
            "a placeholder that the sender did not fill in",
            EITHER,
            request().withHeader(HEADER, KEY).withQuery(QUERY, "{VerificationKey}"),
            wrongQuery),
        arguments(
            "that placeholder alone",
            EITHER,
            request().withQuery(QUERY, "{VerificationKey}"),
            wrongQuery),
        arguments(
            "two headers, the first right",
            EITHER,
            request().withHeader(HEADER, KEY).withHeader(HEADER, "a"),
            HEADER + " came more than once"),
        arguments(
            "two right headers",
            EITHER,
            request().withHeader(HEADER, KEY).withHeader("x-smartermeasure-verification-key", KEY),
            HEADER + " came more than once"),
        arguments(
            "two right headers in one line",
            EITHER,
            request().withHeader(HEADER, KEY + ", " + KEY),
            wrongHeader),
        arguments(
            "two parameters, the first right",
            EITHER,
            request().withQuery(QUERY, KEY).withQuery(QUERY, "a"),
            "query parameter VerificationKey came more than once"),
        arguments(
            "two right parameters beside a right header",
            EITHER,
            request().withHeader(HEADER, KEY).withQuery(QUERY, KEY).withQuery(QUERY, KEY),
            "query parameter VerificationKey came more than once"),
        arguments(
            "the parameter's name in lower case",
            EITHER,
            request().withQuery("verificationkey", KEY),
            neither),
        arguments(
            "the parameter where only the header counts",
            HEADER_ONLY,
            request().withQuery(QUERY, KEY),
            HEADER + " is missing"),
        arguments(
            "the header where only the parameter counts",
            QUERY_ONLY,
            request().withHeader(HEADER, KEY),
            "query parameter VerificationKey is missing"),
        arguments(
            "the header's name as a parameter", EITHER, request().withQuery(HEADER, KEY), neither),
        arguments(
            "an empty header", EITHER, request().withHeader(HEADER, ""), HEADER + " is empty"),
        arguments(
            "an empty parameter beside a right header",
            EITHER,
            request().withHeader(HEADER, KEY).withQuery(QUERY, ""),
            "query parameter VerificationKey is empty"),
        arguments(
            "the key in upper case",
            EITHER,
            request().withHeader(HEADER, KEY.toUpperCase(Locale.ROOT)),
            wrongHeader),
        arguments(
            "the start of the key",
            EITHER,
            request().withHeader(HEADER, KEY.substring(0, 31)),
            wrongHeader),
        arguments("the key and more", EITHER, request().withHeader(HEADER, KEY + "0"), wrongHeader),
        arguments(
            "both keys, as they are configured",
            EITHER,
            request().withHeader(HEADER, KEY + "," + OLD_KEY),
            wrongHeader),
        arguments(
            "a blank round the parameter",
            EITHER,
            request().withQuery(QUERY, KEY + " "),
            wrongQuery),
        arguments(
            "a no-break space after the header",
            EITHER,
            request().withHeader(HEADER, KEY + "\u00A0"),
            wrongHeader),
        arguments(
            "letters of another script", EITHER, request().withHeader(HEADER, "ключ"), wrongHeader),
        arguments(
            "half a surrogate pair", EITHER, request().withQuery(QUERY, "\uD83D"), wrongQuery),
        arguments(
            "a megabyte", EITHER, request().withHeader(HEADER, "a".repeat(1 << 20)), wrongHeader));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refuses(String attack, SharedKeyProof proof, SampleRequest request, String reason) {
    assertThat(proof.judge(request)).isEqualTo(new Refused(reason));
  }

  @Test
  void refusesAQuestionMarkForWhatItCannotWrite() {
    // ISO 8859-1 writes a question mark for what it lacks; the key must not be met by that.
    var proof = new SharedKeyProof(HEADER, QUERY, Keys.of("?"));

    assertThat(proof.judge(request().withHeader(HEADER, "ш"))).isInstanceOf(Refused.class);
    assertThat(proof.judge(request().withQuery(QUERY, "\uD83D"))).isInstanceOf(Refused.class);
  }

  @Test
  void wantsAPlaceForTheKey() {
    assertThatThrownBy(() -> new SharedKeyProof(null, " ", Keys.of(KEY)))
        .hasMessage(
            "Expected at least one of header, queryParameter, formField and jsonPointer to be"
                + " named, got none");
  }

  @Test
  void showsNoKey() {
    assertThat(EITHER)
        .hasToString(
            "SharedKeyProof[X-SmarterMeasure-Verification-Key, query parameter VerificationKey]"
                + "[Keys[2, not shown]]");
  }
}
