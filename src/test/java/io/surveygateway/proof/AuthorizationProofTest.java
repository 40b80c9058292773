package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.surveygateway.proof.AuthorizationProof.Scheme;
import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationProofTest {

  /** RFC 7617, section 2: user Aladdin, password "open sesame". */
  private static final AuthorizationProof BASIC =
      new AuthorizationProof(Scheme.BASIC, Keys.of("Aladdin:open sesame", "Aladdin:old"));

  /** RFC 6750, section 2.1. */
  private static final AuthorizationProof BEARER =
      new AuthorizationProof(Scheme.BEARER, Keys.of("mF_9.B5f-4.1JqM", "old"));

  private static final Verdict CURRENT = new Proved("current secret");

  private static SampleRequest authorized(String value) {
    return SampleRequest.of("{}").withHeader("Authorization", value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "BASIC   QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
      })
  void believesUserAndPassword(String value) {
    assertThat(BASIC.judge(authorized(value))).isEqualTo(CURRENT);
  }

  @Test
  void takesUserAndPasswordForUtf8() {
    // RFC 7617, section 2.1: user test, password 123 and a pound sign.
    var proof = new AuthorizationProof(Scheme.BASIC, Keys.of("test:123£"));

    assertThat(proof.judge(authorized("Basic dGVzdDoxMjPCow=="))).isEqualTo(CURRENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer mF_9.B5f-4.1JqM", "bearer  mF_9.B5f-4.1JqM"})
  void believesAToken(String value) {
    assertThat(BEARER.judge(authorized(value))).isEqualTo(CURRENT);
  }

  @Test
  void saysThatThePreviousOneFitted() {
    assertThat(BEARER.judge(authorized("Bearer old"))).isEqualTo(new Proved("previous secret"));
    var login = Base64.getEncoder().encodeToString("Aladdin:old".getBytes(UTF_8));
    assertThat(BASIC.judge(authorized("Basic " + login))).isEqualTo(new Proved("previous secret"));
  }

  static Stream<Arguments> attacks() {
    var noBasic = "Authorization is malformed: expected Basic and credentials";
    var noBearer = "Authorization is malformed: expected Bearer and credentials";
    var wrongLogin = "Authorization does not match: another user or password";
    var wrongToken = "Authorization does not match: another token";
    return Stream.of(
        arguments("nothing", BASIC, SampleRequest.of("{}"), "Authorization is missing"),
        arguments("empty", BASIC, authorized(""), noBasic),
        arguments("the scheme alone", BASIC, authorized("Basic"), noBasic),
        arguments("the scheme and blanks", BASIC, authorized("Basic   "), noBasic),
        arguments("a tab", BASIC, authorized("Basic\tQWxhZGRpbjpvcGVuIHNlc2FtZQ=="), noBasic),
        arguments("another scheme", BASIC, authorized("Bearer mF_9.B5f-4.1JqM"), noBasic),
        arguments("a longer scheme", BASIC, authorized("Basics QWxhZGRpbg=="), noBasic),
        arguments(
            "twice",
            BASIC,
            authorized("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
                .withHeader("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            "Authorization came more than once"),
        arguments("unpadded", BASIC, authorized("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ"), wrongLogin),
        arguments("plain", BASIC, authorized("Basic Aladdin:open sesame"), wrongLogin),
        arguments("the user alone", BASIC, authorized("Basic QWxhZGRpbjo="), wrongLogin),
        arguments("no Base64", BASIC, authorized("Basic %%%"), wrongLogin),
        arguments(
            "beyond Latin 1",
            BASIC,
            authorized("Basic \uD83D"),
            "Authorization is malformed: expected Basic and credentials"),
        arguments("the token alone", BEARER, authorized("mF_9.B5f-4.1JqM"), noBearer),
        arguments("no blank", BEARER, authorized("BearermF_9.B5f-4.1JqM"), noBearer),
        arguments("another token", BEARER, authorized("Bearer mF_9.B5f-4.1JqN"), wrongToken),
        arguments("a part", BEARER, authorized("Bearer mF_9"), wrongToken),
        arguments("more", BEARER, authorized("Bearer mF_9.B5f-4.1JqM x"), wrongToken),
        arguments("a megabyte", BEARER, authorized("Bearer " + "a".repeat(1 << 20)), wrongToken));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refuses(String attack, AuthorizationProof proof, SampleRequest request, String reason) {
    assertThat(proof.judge(request)).isEqualTo(new Refused(reason));
  }

  @Test
  void showsNoSecret() {
    assertThat(BASIC).hasToString("AuthorizationProof[Basic, Keys[2, not shown]]");
  }
}
