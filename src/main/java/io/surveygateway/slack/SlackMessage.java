package io.surveygateway.slack;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.util.Collection;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Turns what slack.jq laid out into the message that camel-slack sends, within Slack's limits.
 *
 * <p>camel-slack would put JSON into the message's text, word for word. Keeps no state.
 */
@Component("slackMessage")
final class SlackMessage implements Processor {

  /**
   * @throws FailureException permanent, if the body is no message {@code {text, blocks}}
   */
  @Override
  public void process(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    if (body != null && !(body instanceof JsonNode)) {
      throw new FailureException(
          Failure.permanent(
              "Expected one message {text, blocks} from slack.jq, and got "
                  + (body instanceof Collection<?> many ? many.size() : "something else")
                  + ": mend slack.jq, then retry"));
    }
    exchange.getMessage().setBody(new SlackPayload(BlockKit.fit((JsonNode) body)));
  }
}
