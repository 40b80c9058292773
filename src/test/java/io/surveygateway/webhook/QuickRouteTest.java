package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;

/** What may run on the event loop. */
class QuickRouteTest {

  private interface Steps {

    void addTo(RouteDefinition route);
  }

  private static boolean isQuick(Steps steps) throws Exception {
    try (var camel = new DefaultCamelContext()) {
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              steps.addTo(from("kamelet:webhook-source?provider=popsee").routeId("receive"));
            }
          });
      return QuickRoute.is(camel, "receive");
    }
  }

  @Test
  void isWhatChecksAndStores() throws Exception {
    assertThat(isQuick(route -> route.to("kamelet:check-hmac?provider=popsee").to("inbox:popsee")))
        .isTrue();
  }

  @Test
  void isWhatHasSeveralChecksOfWhichOneIsEnough() throws Exception {
    assertThat(
            isQuick(
                route ->
                    route
                        .doTry()
                        .to("kamelet:check-basic?provider=popsee")
                        .doCatch(ProofRefusedException.class)
                        .to("kamelet:check-shared-key?provider=popsee")
                        .end()
                        .to("inbox:popsee")))
        .isTrue();
  }

  @Test
  void isNothingThatMayWaitForSomethingElse() throws Exception {
    assertThat(isQuick(route -> route.to("inbox:popsee").to("http://127.0.0.1:1/"))).isFalse();
    assertThat(isQuick(route -> route.to("kamelet:check-of-mine").to("inbox:popsee"))).isFalse();
    assertThat(isQuick(route -> route.process(exchange -> {}).to("inbox:popsee"))).isFalse();
    assertThat(
            isQuick(
                route ->
                    route
                        .doTry()
                        .to("kamelet:check-basic?provider=popsee")
                        .doCatch(ProofRefusedException.class)
                        .delay(1000)
                        .end()
                        .to("inbox:popsee")))
        .isFalse();
  }

  @Test
  void isNoRouteThatIsNotThere() throws Exception {
    try (var camel = new DefaultCamelContext()) {
      assertThat(QuickRoute.is(camel, "receive")).isFalse();
    }
  }
}
