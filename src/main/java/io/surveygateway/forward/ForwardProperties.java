package io.surveygateway.forward;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where events are forwarded to: {@code gateway.forward}.
 *
 * @param url address that each event is posted to; may hold a key, so it is shown nowhere
 * @param secret that they are signed with, {@code whsec_...}; several, comma-separated
 * @param allowPrivate whether it may be an address of our own network, and plain http
 */
@ConfigurationProperties("gateway.forward")
record ForwardProperties(@Nullable String url, @Nullable String secret, boolean allowPrivate) {

  @Override
  public String toString() {
    return "ForwardProperties[not shown, allowPrivate=" + allowPrivate + "]";
  }
}
