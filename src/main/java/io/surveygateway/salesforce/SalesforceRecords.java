package io.surveygateway.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.outbox.CallBudgets;
import io.surveygateway.outbox.Deliveries;
import io.surveygateway.outbox.OutboxEndpoint;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The steps of the Salesforce route that choose what is sent next and hear what became of it: each
 * asks the exchange's {@link SalesforceBatch}. Keeps no state of its own, but for what answers say
 * of the org's calls.
 */
@Component("salesforceRecords")
public final class SalesforceRecords {

  private static final String PROPERTY = "gatewaySalesforceBatch";

  /** What each answer says of the org's calls of 24 hours. */
  private static final String LIMIT_INFO = "Sforce-Limit-Info";

  private static final Pattern API_USAGE =
      Pattern.compile("(?:.*[,;\\s])?api-usage=(\\d{1,12})/(\\d{1,12})(?:[,;\\s].*)?");

  private final String contactKey;
  private final CallBudgets budgets;

  SalesforceRecords(SalesforceProperties properties, CallBudgets budgets) {
    this.contactKey = properties.contactKey();
    this.budgets = budgets;
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
    hearBudget(exchange);
    batch(exchange).contactsAnswered(exchange.getMessage().getBody());
  }

  public List<ObjectNode> responses(Exchange exchange) {
    return batch(exchange).responses();
  }

  public void responsesAnswered(Exchange exchange) {
    hearBudget(exchange);
    batch(exchange).responsesAnswered(exchange.getMessage().getBody());
  }

  public List<String> deletions(Exchange exchange) {
    return batch(exchange).deletions();
  }

  public void deleted(Exchange exchange) {
    hearBudget(exchange);
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

  /**
   * Source: REST API Developer Guide, "Limit Info Header": {@code api-usage=18/5000}, perhaps with
   * {@code per-app-api-usage=...} behind it. What is written otherwise is no news.
   */
  private void hearBudget(Exchange exchange) {
    var said = exchange.getMessage().getHeader(LIMIT_INFO, String.class);
    var usage = said == null ? null : API_USAGE.matcher(said);
    if (usage != null
        && usage.matches()
        && exchange.getFromEndpoint() instanceof OutboxEndpoint outbox) {
      budgets.told(
          outbox.getDestination(), Long.parseLong(usage.group(1)), Long.parseLong(usage.group(2)));
    }
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
