package io.surveygateway.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.outbox.Deliveries;
import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The steps of the Salesforce route that choose what is sent next and hear what became of it: each
 * asks the exchange's {@link SalesforceBatch}. Keeps no state of its own.
 */
@Component("salesforceRecords")
public final class SalesforceRecords {

  private static final String PROPERTY = "gatewaySalesforceBatch";

  private final String contactKey;

  SalesforceRecords(SalesforceProperties properties) {
    this.contactKey = properties.contactKey();
  }

  /** Takes what salesforce.jq gave from the body. */
  public void plan(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    var mapped = body instanceof JsonNode json ? json : null;
    exchange.setProperty(
        PROPERTY, new SalesforceBatch(Deliveries.of(exchange), contactKey, mapped));
  }

  public List<ObjectNode> contacts(Exchange exchange) {
    return batch(exchange).contacts();
  }

  public List<ObjectNode> newContacts(Exchange exchange) {
    return batch(exchange).newContacts();
  }

  public void contactsAnswered(Exchange exchange) {
    batch(exchange).contactsAnswered(exchange.getMessage().getBody());
  }

  public List<ObjectNode> responses(Exchange exchange) {
    return batch(exchange).responses();
  }

  public void responsesAnswered(Exchange exchange) {
    batch(exchange).responsesAnswered(exchange.getMessage().getBody());
  }

  public List<String> deletions(Exchange exchange) {
    return batch(exchange).deletions();
  }

  public void deleted(Exchange exchange) {
    batch(exchange).deleted(position(exchange));
  }

  public void notDeleted(Exchange exchange) {
    batch(exchange)
        .notDeleted(
            position(exchange), exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
  }

  public boolean someSeemGone(Exchange exchange) {
    return batch(exchange).someSeemGone();
  }

  /** Takes the object's description, JSON in UTF-8, from the body. */
  public void deletionsKnown(Exchange exchange) {
    batch(exchange).deletionsKnown(description(exchange.getMessage().getBody(byte[].class)));
  }

  private static @Nullable JsonNode description(byte @Nullable [] body) {
    try {
      return body == null ? null : SurveyJson.mapper().readTree(body);
    } catch (IOException unreadable) {
      throw new FailureException(
          Failure.transientFailure(
              "Expected Salesforce's description of an object, and could not read it"),
          unreadable);
    }
  }

  private static SalesforceBatch batch(Exchange exchange) {
    return exchange.getProperty(PROPERTY, SalesforceBatch.class);
  }

  private static int position(Exchange exchange) {
    return exchange.getProperty(Exchange.SPLIT_INDEX, Integer.class);
  }
}
