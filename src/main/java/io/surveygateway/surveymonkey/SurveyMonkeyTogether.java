package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.SurveyJson;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Hands out responses that came together: to the event that asked, and to those that wait for
 * theirs.
 *
 * <p>Body: the event, which gets its member {@code response}. Variable {@code answer}: the bytes of
 * {@code /responses/bulk}, taken away; absent where the API gave none. An event whose own response
 * is not among them asks alone next. Of a respondent whom SurveyMonkey knows by name and who comes
 * without, the response is not taken from here either: some lists are seen to leave the contact
 * out. Keeps no state.
 */
@Component("surveyMonkeyTogether")
public final class SurveyMonkeyTogether implements Processor {

  private static final String VARIABLE = "answer";

  private static final ObjectWriter ASCII =
      SurveyJson.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());

  private final CallBudget budget;
  private final ObjectMapper json;
  private final Clock clock;

  public SurveyMonkeyTogether(
      CallBudget budget, @Qualifier("surveyJson") ObjectMapper json, Clock clock) {
    this.budget = budget;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    var event = exchange.getMessage().getBody(ObjectNode.class);
    var answer = exchange.getVariable(VARIABLE, byte[].class);
    exchange.removeVariable(VARIABLE);
    var asker = SurveyMonkeyTurn.asker(exchange, event);
    var others = new HashMap<String, byte[]>();
    var own = handOut(answer, asker.responseId(), others);
    budget.keep(asker, own != null, others);
    if (own != null) {
      event.set("response", own);
    } else {
      SurveyMonkeyTurn.waitFor(
          exchange, event, clock.instant(), "waiting to be asked for without the others");
    }
  }

  /** Puts the others beside, and returns the one. */
  private @Nullable JsonNode handOut(
      byte @Nullable [] answer, String id, Map<String, byte[]> others) {
    @Nullable JsonNode own = null;
    for (var response : read(answer).path("data")) {
      if (!response.isObject() || lacksItsContact(response)) {
        continue;
      }
      var its = response.path("id").asText();
      if (its.equals(id)) {
        own = response;
      }
      // Another event of the same response may wait too.
      others.put(its, ascii(response));
    }
    return own;
  }

  /** Some databases do not take all that a JSON text may hold, half a surrogate pair above all. */
  static byte[] ascii(JsonNode response) {
    try {
      return ASCII.writeValueAsBytes(response);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was read as JSON can be written", e);
    }
  }

  /** Whether SurveyMonkey knows who responded, and the list does not say. */
  static boolean lacksItsContact(JsonNode response) {
    var recipient = response.path("recipient_id").asText("");
    return !recipient.isEmpty()
        && !recipient.equals("0")
        && response.path("email_address").asText("").isEmpty()
        && response.path("metadata").path("contact").isEmpty();
  }

  private JsonNode read(byte @Nullable [] answer) {
    try {
      return answer == null ? json.missingNode() : json.readTree(answer);
    } catch (IOException noJson) {
      return json.missingNode();
    }
  }
}
