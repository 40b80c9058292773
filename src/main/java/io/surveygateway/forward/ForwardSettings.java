package io.surveygateway.forward;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.proof.MalformedKeyException;
import io.surveygateway.proof.Secrets;
import io.surveygateway.proof.StandardWebhookSigner;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What the settings make of the forward: an address and a signer, or the reason why they will not
 * do.
 *
 * <p>Settings that will not do stop no start and no other destination. They are said at the start,
 * and deliveries wait for a person as they do where credentials are refused: none is skipped, and
 * none is parked. Immutable.
 */
@Component
final class ForwardSettings {

  private static final Logger log = LoggerFactory.getLogger(ForwardSettings.class);

  private final boolean allowPrivate;
  private @Nullable URI address;
  private @Nullable StandardWebhookSigner signer;
  private @Nullable String lack;

  ForwardSettings(ForwardProperties properties) {
    allowPrivate = properties.allowPrivate();
    var url = properties.url() == null ? "" : properties.url().strip();
    var secrets = Secrets.of(properties.secret());
    try {
      address = address(url);
      signer = signer(secrets);
    } catch (IllegalArgumentException e) {
      lack = e.getMessage();
      // Without either, the outbox says that the destination is off.
      if (!url.isEmpty() && secrets.lack().isEmpty()) {
        log.error("forward: nothing can be sent, deliveries wait: {}", lack);
      }
    }
  }

  /** Whether our own network may be the target, and plain http the way. */
  boolean allowPrivate() {
    return allowPrivate;
  }

  /**
   * @throws FailureException for a person to mend the settings, if they will not do
   */
  URI address() {
    return checked(address);
  }

  /**
   * @throws FailureException for a person to mend the settings, if they will not do
   */
  StandardWebhookSigner signer() {
    return checked(signer);
  }

  private <T> T checked(@Nullable T setting) {
    if (lack != null || setting == null) {
      throw new FailureException(Failure.auth(String.valueOf(lack)));
    }
    return setting;
  }

  /** The messages do not repeat the address, which may hold a key. */
  private URI address(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException quotesTheAddress) {
      throw noAddress("something else");
    }
    if (uri.getHost() == null) {
      throw noAddress("one without a host");
    }
    if (uri.getRawUserInfo() != null) {
      throw noAddress("one with a user: the signature is the proof");
    }
    if ("http".equalsIgnoreCase(uri.getScheme()) && !allowPrivate) {
      throw noAddress(
          "http: responses would go unencrypted. Inside a network of your own, set"
              + " FORWARD_ALLOW_PRIVATE=true");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw noAddress("another scheme");
    }
    return uri;
  }

  private static IllegalArgumentException noAddress(String got) {
    return new IllegalArgumentException(
        "Expected FORWARD_URL to be an address such as https://hooks.example.org/surveys, got "
            + got);
  }

  private static StandardWebhookSigner signer(Secrets secrets) {
    secrets
        .lack()
        .ifPresent(
            lack -> {
              throw new IllegalArgumentException("FORWARD_SECRET " + lack);
            });
    try {
      return new StandardWebhookSigner(secrets);
    } catch (MalformedKeyException e) {
      throw new IllegalArgumentException("FORWARD_SECRET " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "ForwardSettings[" + (lack == null ? "ready" : lack) + "]";
  }
}
