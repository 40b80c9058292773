package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The receiving routes as they are shipped, in the whole gateway, over HTTP. */
class ReceivingRoutesTest {

  private static final SampleSecrets RIGHT = SampleSecrets.DEMO;
  private static final SampleSecrets WRONG = new SampleSecrets("a", "b", "c", "d", "e");

  private static ConfigurableApplicationContext gateway;
  private static Sender sender;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        new SpringApplicationBuilder(Gateway.class)
            .run(
                "--server.port=0",
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--gateway.store.folder=" + Files.createTempDirectory(Path.of("target"), "receive"),
                "--gateway.providers.popsee.secret=" + RIGHT.popsee(),
                "--gateway.providers.smartsurvey.secret=" + RIGHT.smartSurvey(),
                "--gateway.providers.smartermeasure.key=" + RIGHT.smarterMeasure(),
                "--gateway.providers.surveymonkey.client-id=" + RIGHT.surveyMonkeyClientId(),
                "--gateway.providers.surveymonkey.client-secret="
                    + RIGHT.surveyMonkeyClientSecret());
    sender = new Sender(PublicAddress.of(gateway));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  static Stream<SampleRequest> signed() {
    return samples(RIGHT);
  }

  static Stream<SampleRequest> forged() {
    return samples(WRONG);
  }

  private static Stream<SampleRequest> samples(SampleSecrets secrets) {
    return Stream.of(
        SignedSamples.popsee().signedWith(secrets.popsee()).toRequest(),
        SignedSamples.smartSurvey().signedWith(secrets.smartSurvey()).toRequest(),
        SignedSamples.smarterMeasure().signedWith(secrets.smarterMeasure()).toRequest(),
        SignedSamples.surveyMonkey()
            .signedWith(secrets.surveyMonkeyClientId(), secrets.surveyMonkeyClientSecret())
            .toRequest());
  }

  @ParameterizedTest
  @MethodSource("signed")
  void keepWhatTheirProviderSigned(SampleRequest sample) throws Exception {
    var before = kept();

    assertThat(sender.send(sample)).isEqualTo(200);
    assertThat(kept()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @MethodSource("forged")
  void refuseWhatSomebodyElseSigned(SampleRequest sample) throws Exception {
    var before = kept();

    assertThat(sender.send(sample)).isEqualTo(401);
    assertThat(kept()).isEqualTo(before);
  }

  private static long kept() {
    return gateway
        .getBean(Store.class)
        .read(jdbc -> jdbc.queryForObject("SELECT count(*) FROM request", Long.class));
  }
}
