package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

class DeliveryPolicyTest {

  private static final DeliverySettings.Override ROUTE =
      new DeliverySettings.Override(Duration.ofSeconds(20), null, null, 4, null, 1.0);

  /** As application.yaml has it, and these properties before it. */
  private static DeliverySettings settings(Map<String, Object> properties) throws IOException {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    new YamlPropertySourceLoader()
        .load("application.yaml", new FileSystemResource("application.yaml"))
        .forEach(environment.getPropertySources()::addLast);
    return new Binder(ConfigurationPropertySources.get(environment))
        .bindOrCreate("gateway.delivery", Bindable.of(DeliverySettings.class));
  }

  @Test
  void isThatOfAllWhereNothingElseIsSaid() throws IOException {
    var policy = DeliveryPolicy.of("slack", settings(Map.of()), DeliverySettings.Override.NOTHING);

    assertThat(policy).isEqualTo(PolicyForTests.withRate(null));
  }

  @Test
  void isTheSameWhereNothingIsSetAtAll() {
    var bare =
        new Binder(List.of()).bindOrCreate("gateway.delivery", Bindable.of(DeliverySettings.class));

    assertThat(DeliveryPolicy.of("slack", bare, DeliverySettings.Override.NOTHING))
        .isEqualTo(PolicyForTests.withRate(null));
  }

  @Test
  void isTheRoutesWhereItSaysSo() throws IOException {
    var policy = DeliveryPolicy.of("slack", settings(Map.of()), ROUTE);

    assertThat(policy.backoff().first()).isEqualTo(Duration.ofSeconds(20));
    assertThat(policy.backoff().attempts()).isEqualTo(4);
    assertThat(policy.backoff().longest()).isEqualTo(Duration.ofHours(1));
    assertThat(policy.rate()).isEqualTo(1.0);
  }

  @Test
  void isTheOperatorsBeforeTheRoutes() throws IOException {
    var settings =
        settings(
            Map.of(
                "gateway.delivery.destinations.slack.attempts", "50",
                "gateway.delivery.destinations.slack.rate", "0.5",
                "gateway.delivery.destinations.slack.longest-age", "3d",
                "gateway.delivery.destinations.salesforce.attempts", "2"));

    var policy = DeliveryPolicy.of("slack", settings, ROUTE);

    assertThat(policy.backoff().attempts()).isEqualTo(50);
    assertThat(policy.rate()).isEqualTo(0.5);
    assertThat(policy.longestAge()).isEqualTo(Duration.ofDays(3));
    assertThat(policy.backoff().first()).isEqualTo(Duration.ofSeconds(20));
  }
}
