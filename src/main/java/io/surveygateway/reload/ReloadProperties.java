package io.surveygateway.reload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether changes in {@code routes/} are taken up while the gateway runs.
 *
 * @param settle how often the folder is looked at; a change is taken up once it has stood still for
 *     as long
 */
@ConfigurationProperties("gateway.reload")
record ReloadProperties(
    @DefaultValue("false") boolean enabled, @DefaultValue("500ms") Duration settle) {

  ReloadProperties {
    if (settle.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Expected gateway.reload.settle to be 1ms or more, and it is " + settle);
    }
  }
}
