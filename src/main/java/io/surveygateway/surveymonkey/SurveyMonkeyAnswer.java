package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Joins what SurveyMonkey's API answered to the event that made us ask.
 *
 * <p>Body: the event, which gets the answer as its member {@code response}. Variable {@code
 * answer}: the answer's bytes, taken away. What is no answer to the question (an error that came
 * with status 200, another response) fails the exchange. Keeps no state.
 */
@Component("surveyMonkeyAnswer")
public final class SurveyMonkeyAnswer implements Processor {

  private static final String VARIABLE = "answer";

  private final ObjectMapper json;

  public SurveyMonkeyAnswer(@Qualifier("surveyJson") ObjectMapper json) {
    this.json = json;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    var event = exchange.getMessage().getBody(ObjectNode.class);
    var answer = exchange.getVariable(VARIABLE, byte[].class);
    exchange.removeVariable(VARIABLE);
    event.set("response", check(answer, event.path("object_id").asText()));
  }

  /** The answer as JSON, if it is the response that was asked for. */
  JsonNode check(byte @Nullable [] answer, String id) throws IOException {
    var response = read(answer);
    if (!(response instanceof ObjectNode) || !response.has("id")) {
      throw new FailureException(
          SurveyMonkeyErrors.ofAnswer(200, response == null ? null : response.toString(), null));
    }
    if (!response.path("id").asText().equals(id)) {
      throw new FailureException(
          Failure.permanent(
              "Expected the response that was asked for from SurveyMonkey's API, and got another"));
    }
    return response;
  }

  private @Nullable JsonNode read(byte @Nullable [] answer) throws IOException {
    try {
      return answer == null || answer.length == 0 ? null : json.readTree(answer);
    } catch (JacksonException noJson) {
      return null;
    }
  }
}
