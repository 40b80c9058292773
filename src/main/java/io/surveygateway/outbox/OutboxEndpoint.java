package io.surveygateway.outbox;

import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.Failures;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Deliveries to one destination: added by the producer, handed on by the consumer. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "outbox",
    title = "Outbox",
    syntax = "outbox:destination",
    category = {})
public class OutboxEndpoint extends DefaultEndpoint {

  @UriPath(description = "The destination's name, as in its folder")
  @Metadata(required = true)
  private final String destination;

  @UriParam(
      label = "consumer",
      defaultValue = "1",
      description = "Deliveries in one exchange; more than 1 makes the body a list")
  private int batchSize = 1;

  @UriParam(label = "consumer", defaultValue = "1", description = "Exchanges side by side")
  private int concurrency = 1;

  @UriParam(
      label = "consumer",
      description = "Settings without which the destination is off: a or b and c")
  private String requires = "";

  @UriParam(label = "consumer", description = "Bean that says what an exception means")
  private FailureClassifier errors = Failures::whileDelivering;

  @UriParam(label = "consumer", description = "Attempts at most, then a delivery is parked")
  private @Nullable Integer attempts;

  @UriParam(label = "consumer", description = "Wait after the first failed attempt, in ms")
  private @Nullable Long firstDelay;

  @UriParam(label = "consumer", description = "From one wait between two attempts to the next")
  private @Nullable Double factor;

  @UriParam(label = "consumer", description = "Longest wait between two attempts, in ms")
  private @Nullable Long longestDelay;

  @UriParam(label = "consumer", description = "Older deliveries are parked when they fail, in ms")
  private @Nullable Long longestAge;

  @UriParam(
      label = "consumer",
      description = "Exchanges a second at most, such as 1 or 0.5, evenly spaced")
  private @Nullable Double rate;

  OutboxEndpoint(String uri, String destination, OutboxComponent component) {
    super(uri, component);
    this.destination = destination;
  }

  @Override
  public Producer createProducer() {
    component().destinations().wantedBy(destination, getEndpointUri());
    return new OutboxProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (batchSize < 1 || concurrency < 1) {
      throw new IllegalArgumentException(
          "Expected batchSize and concurrency of 1 or more at " + getEndpointUri());
    }
    var consumer = new OutboxConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  DeliveryPolicy policy() {
    return DeliveryPolicy.of(
        destination,
        component().settings(),
        new DeliverySettings.Override(
            millis(firstDelay), factor, millis(longestDelay), attempts, millis(longestAge), rate));
  }

  private static @Nullable Duration millis(@Nullable Long value) {
    return value == null ? null : Duration.ofMillis(value);
  }

  OutboxComponent component() {
    return (OutboxComponent) getComponent();
  }

  public String getDestination() {
    return destination;
  }

  public int getBatchSize() {
    return batchSize;
  }

  public void setBatchSize(int batchSize) {
    this.batchSize = batchSize;
  }

  public int getConcurrency() {
    return concurrency;
  }

  public void setConcurrency(int concurrency) {
    this.concurrency = concurrency;
  }

  public String getRequires() {
    return requires;
  }

  public void setRequires(String requires) {
    this.requires = requires;
  }

  public FailureClassifier getErrors() {
    return errors;
  }

  public void setErrors(FailureClassifier errors) {
    this.errors = errors;
  }

  public @Nullable Integer getAttempts() {
    return attempts;
  }

  public void setAttempts(@Nullable Integer attempts) {
    this.attempts = attempts;
  }

  public @Nullable Long getFirstDelay() {
    return firstDelay;
  }

  public void setFirstDelay(@Nullable Long firstDelay) {
    this.firstDelay = firstDelay;
  }

  public @Nullable Long getLongestDelay() {
    return longestDelay;
  }

  public void setLongestDelay(@Nullable Long longestDelay) {
    this.longestDelay = longestDelay;
  }

  public @Nullable Double getFactor() {
    return factor;
  }

  public void setFactor(@Nullable Double factor) {
    this.factor = factor;
  }

  public @Nullable Long getLongestAge() {
    return longestAge;
  }

  public void setLongestAge(@Nullable Long longestAge) {
    this.longestAge = longestAge;
  }

  public @Nullable Double getRate() {
    return rate;
  }

  public void setRate(@Nullable Double rate) {
    this.rate = rate;
  }
}
