package io.surveygateway.inbox;

import io.surveygateway.failure.FailureClassifier;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Requests of one provider: kept by the producer, handed on by the consumer. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "inbox",
    title = "Inbox",
    syntax = "inbox:provider",
    category = {})
public class InboxEndpoint extends DefaultEndpoint {

  @UriPath(description = "The provider's name, as in its folder and its URL")
  @Metadata(required = true)
  private final String provider;

  @UriParam(label = "consumer", defaultValue = "100", description = "Requests claimed at a time")
  private int batchSize = 100;

  @UriParam(label = "consumer", defaultValue = "2", description = "Requests mapped side by side")
  private int concurrency = 2;

  @UriParam(label = "consumer", description = "Bean that says what an exception means")
  private FailureClassifier errors;

  InboxEndpoint(String uri, String provider, InboxComponent component) {
    super(uri, component);
    this.provider = provider;
    this.errors = thrown -> MappingFailures.classify(provider, thrown);
  }

  @Override
  public Producer createProducer() {
    return new InboxProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (batchSize < 1 || concurrency < 1) {
      throw new IllegalArgumentException(
          "Expected batchSize and concurrency of 1 or more at " + getEndpointUri());
    }
    component().consumedBy(provider, getEndpointUri());
    var consumer = new InboxConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  InboxComponent component() {
    return (InboxComponent) getComponent();
  }

  public String getProvider() {
    return provider;
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

  public FailureClassifier getErrors() {
    return errors;
  }

  public void setErrors(FailureClassifier errors) {
    this.errors = errors;
  }
}
