package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.proof.HmacProof.Algorithm;
import io.surveygateway.proof.HmacProof.Encoding;
import io.surveygateway.proof.HmacProof.Prefix;
import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, a proof gives a verdict; the seeds are fixed, so a failure comes again. */
class ProofNeverThrowsTest {

  private static final String HEADER = "X-Signature";
  private static final String QUERY = "key";
  private static final int REQUESTS = 4_000;

  /** Parts that the attacks of this world are made of. */
  private static final List<String> PARTS =
      List.of(
          "",
          " ",
          "\t",
          ",",
          "=",
          "sha256=",
          "SHA256=",
          "0",
          "f",
          "F",
          "00000000",
          "AAAA",
          "+/",
          "-_",
          "\0",
          "\r\n",
          "\u00A0",
          "\uFEFF",
          "\uD83D",
          "\uDC4D",
          "👍",
          "é",
          "ш",
          "\u0666",
          "{key}",
          "${x}",
          "%00",
          "%zz",
          "\u2028",
          "secret",
          "'",
          "\"",
          "?",
          "\uFFFD");

  private static final List<HmacProof> HMACS =
      List.of(
          hmac(Algorithm.SHA1, Encoding.BASE64, ""),
          hmac(Algorithm.SHA1, Encoding.HEX, ""),
          hmac(Algorithm.SHA256, Encoding.HEX, "sha256="),
          hmac(Algorithm.SHA256, Encoding.BASE64, "sha256="),
          hmac(Algorithm.SHA512, Encoding.HEX, "?"),
          hmac(Algorithm.SHA512, Encoding.BASE64, ""));

  private static final List<SharedKeyProof> SHARED_KEYS =
      List.of(
          new SharedKeyProof(HEADER, QUERY, Keys.of("a key that nobody guesses", "?")),
          new SharedKeyProof(HEADER, null, Keys.of("clé-ü that nobody guesses")),
          new SharedKeyProof(null, QUERY, Keys.of("a key that nobody guesses")));

  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_614_265_330), ZoneOffset.UTC);

  /** Every other kind; their headers are those that {@link #request} writes. */
  private static final List<Proof> OTHERS =
      List.of(
          new StandardWebhookProof(
              "X-Id",
              new Freshness("X-Time", Duration.ofMinutes(5), CLOCK),
              HEADER,
              Keys.of(
                  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                  "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")),
          new AuthorizationProof(AuthorizationProof.Scheme.BASIC, Keys.of("user:not guessed")),
          new AuthorizationProof(AuthorizationProof.Scheme.BEARER, Keys.of("not to be guessed")),
          signed(Place.header(HEADER), "{header:X-Id}.{header:X-Time}.{body}"),
          signed(new Place(Place.Kind.FORM, QUERY), "{form:field}"),
          signed(new Place(Place.Kind.JSON, "/key"), "{query:key}{body}"),
          new SharedKeyProof(
              Place.named(HEADER, QUERY, QUERY, "/key"), Keys.of("a key that nobody guesses")));

  private static HmacProof signed(Place place, String signed) {
    return new HmacProof(
        Algorithm.SHA256,
        place,
        Encoding.HEX_ANY_CASE,
        new Prefix("sha256=", true),
        SignedText.parse(signed),
        signed.contains("X-Time") ? new Freshness("X-Time", Duration.ofMinutes(5), CLOCK) : null,
        Keys.of("not to be guessed"));
  }

  private static HmacProof hmac(Algorithm algorithm, Encoding encoding, String prefix) {
    return new HmacProof(algorithm, HEADER, encoding, prefix, Keys.of("not to be guessed", "old"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_260_302, -7})
  void refusesAnythingThatWasNotSignedAndNeverThrows(long seed) {
    var random = new Random(seed);
    for (var count = 0; count < REQUESTS; count++) {
      var request = request(random);
      for (var proof : HMACS) {
        assertThat(proof.judge(request)).as("request %s", count).isInstanceOf(Refused.class);
      }
      for (var proof : OTHERS) {
        assertThat(proof.judge(request))
            .as("request %s, %s", count, proof)
            .isInstanceOf(Refused.class);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 20_260_303, -8})
  void believesASharedKeyOnlyIfItIsThereAndNothingElse(long seed) {
    var random = new Random(seed);
    for (var count = 0; count < REQUESTS; count++) {
      var request = request(random);
      for (var proof : SHARED_KEYS) {
        var verdict = proof.judge(request);
        var isThere = request.header(HEADER).contains("?") || request.query(QUERY).contains("?");
        assertThat(verdict instanceof Proved && !isThere).as("request %s", count).isFalse();
      }
    }
  }

  /** What it tells an operator is never another verdict than the one that counts. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 20_260_306, -11})
  void examinesAsItJudges(long seed) {
    var random = new Random(seed);
    var proofs = Stream.of(HMACS, OTHERS, SHARED_KEYS).flatMap(List::stream).toList();
    for (var count = 0; count < REQUESTS / 10; count++) {
      var request = request(random);
      for (var proof : proofs) {
        assertThat(proof.examine(request).isClean())
            .as("request %s, %s", count, proof)
            .isEqualTo(proof.judge(request) instanceof Proved);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 20_260_304, -9})
  void repeatsNothingThatTheSenderWrote(long seed) {
    var random = new Random(seed);
    for (var count = 0; count < REQUESTS / 4; count++) {
      var marked = "Zq" + random.nextLong();
      var request =
          SampleRequest.of(marked)
              .withHeader(HEADER, marked + text(random))
              .withHeader("X-Id", marked)
              .withHeader("X-Time", random.nextBoolean() ? marked : "1614265330")
              .withHeader("Authorization", "Basic " + marked)
              .withField(QUERY, marked)
              .withMember("/key", marked)
              .withQuery(QUERY, marked)
              .withHeader(marked, marked);
      OTHERS.forEach(proof -> assertThat(proof.judge(request).toString()).doesNotContain("Zq"));
      HMACS.forEach(proof -> assertThat(proof.judge(request).toString()).doesNotContain("Zq"));
      SHARED_KEYS.forEach(
          proof -> assertThat(proof.judge(request).toString()).doesNotContain("Zq"));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 20_260_305, -10})
  void believesAnyBodyThatIsSigned(long seed) {
    var random = new Random(seed);
    for (var count = 0; count < REQUESTS / 10; count++) {
      var body = new byte[random.nextInt(300)];
      random.nextBytes(body);
      for (var algorithm : Algorithm.values()) {
        for (var encoding : Encoding.values()) {
          var signature = "v=" + encoding.encode(openly(algorithm, body));
          var proof = new HmacProof(algorithm, HEADER, encoding, "v=", Keys.of("known"));

          assertThat(proof.judge(SampleRequest.of(body).withHeader(HEADER, signature)))
              .isEqualTo(new Proved("current secret"));
          assertThat(
                  proof.judge(
                      SampleRequest.of(changed(body, random)).withHeader(HEADER, signature)))
              .isInstanceOf(Refused.class);
        }
      }
    }
  }

  private static SampleRequest request(Random random) {
    var request = SampleRequest.of(text(random).getBytes(UTF_8));
    for (var n = random.nextInt(3); n > 0; n--) {
      request = request.withHeader(HEADER, text(random));
    }
    for (var n = random.nextInt(3); n > 0; n--) {
      request = request.withQuery(QUERY, text(random));
    }
    for (var n = random.nextInt(3); n > 0; n--) {
      request = request.withField(random.nextBoolean() ? QUERY : "field", text(random));
    }
    for (var n = random.nextInt(3); n > 0; n--) {
      request = request.withMember("/key", text(random));
    }
    for (var n = random.nextInt(3); n > 0; n--) {
      var scheme = List.of("Basic ", "Bearer ", "").get(random.nextInt(3));
      request = request.withHeader("Authorization", scheme + text(random));
    }
    // Mostly of the right form, so that the comparison itself is reached.
    var isRight = random.nextInt(4) > 0;
    request = request.withHeader("X-Id", isRight ? "msg_1" : text(random));
    request = request.withHeader("X-Time", isRight ? "1614265330" : text(random));
    return request;
  }

  private static String text(Random random) {
    if (random.nextInt(4) == 0) {
      // Of the right form, so that the comparison itself is reached.
      var digits = List.of(28, 40, 64, 44, 128, 88).get(random.nextInt(6));
      var hex =
          IntStream.range(0, digits).mapToObj(n -> "0123456789abcdef".charAt(random.nextInt(16)));
      return List.of("", "sha256=", "v1,", "v1a,").get(random.nextInt(4))
          + hex.map(String::valueOf).reduce("", String::concat);
    }
    return IntStream.range(0, random.nextInt(12))
        .mapToObj(n -> PARTS.get(random.nextInt(PARTS.size())))
        .reduce("", String::concat);
  }

  private static byte[] changed(byte[] body, Random random) {
    if (body.length == 0) {
      return new byte[] {0};
    }
    var changed = body.clone();
    changed[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private static byte[] openly(Algorithm algorithm, byte[] body) {
    try {
      var name = "Hmac" + algorithm.name();
      var mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec("known".getBytes(UTF_8), name));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
