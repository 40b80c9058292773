package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.inbox.MapStep;
import io.surveygateway.surveymonkey.CallBudget.Asker;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Lets an event whose answers are missing have a call of the budget, or wait for one.
 *
 * <p>Body: the event. Variable {@code turn} says what the route is to do: {@code alone} or {@code
 * together}, ask the API; {@code fetched}, nothing, since the event has got its {@code response};
 * {@code wait}, nothing now. An event that waits goes on without answers and says so in its member
 * {@code answers_not_fetched}, and its request comes again when it may ask. For {@code together},
 * variable {@code modifiedSince} is where to begin. Keeps no state of its own.
 */
@Component("surveyMonkeyTurn")
public final class SurveyMonkeyTurn implements Processor {

  /** Why an event has no answers yet; the router knows it by this. */
  static final String WAITING = "waiting for the call budget";

  /**
   * The response may have been changed a little before the event says. More would fill the page
   * with responses that nobody waits for any more.
   */
  private static final Duration OVERLAP = Duration.ofSeconds(5);

  private final CallBudget budget;
  private final SurveyMonkeyAnswer answers;

  public SurveyMonkeyTurn(CallBudget budget, SurveyMonkeyAnswer answers) {
    this.budget = budget;
    this.answers = answers;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    var event = exchange.getMessage().getBody(ObjectNode.class);
    var asker = asker(exchange, event);
    var turn = budget.turn(asker);
    exchange.setVariable("turn", turn.kind().text());
    switch (turn.kind()) {
      case FETCHED -> event.set("response", answers.check(turn.response(), asker.responseId()));
      case TOGETHER -> exchange.setVariable("modifiedSince", modifiedSince(event, asker));
      case WAIT -> waitFor(exchange, event, turn.until(), turn.reason());
      case ALONE -> {
        // The route asks.
      }
    }
  }

  static Asker asker(Exchange exchange, ObjectNode event) {
    return new Asker(
        exchange.getProperty(InboxProperties.REQUEST_ID, Long.class),
        event.path("resources").path("survey_id").asText(),
        event.path("object_id").asText(),
        Instant.parse(exchange.getProperty(InboxProperties.RECEIVED_AT, String.class)));
  }

  static void waitFor(Exchange exchange, ObjectNode event, Instant until, String reason) {
    event.put("answers_not_fetched", WAITING);
    MapStep.of(exchange).again(until, reason);
  }

  /** In UTC without an offset, which the API takes for UTC: a plus sign would need an escape. */
  private static String modifiedSince(ObjectNode event, Asker asker) {
    Instant at;
    try {
      at = OffsetDateTime.parse(event.path("event_datetime").asText()).toInstant();
    } catch (DateTimeException none) {
      at = asker.receivedAt();
    }
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
        at.minus(OVERLAP).truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }
}
