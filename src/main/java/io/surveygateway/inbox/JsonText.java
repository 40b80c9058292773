package io.surveygateway.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.surveygateway.event.SurveyJson;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.springframework.stereotype.Component;

/**
 * The jq function {@code json_text}: the value of a text that is JSON, such as Jotform's {@code
 * rawRequest} and Qualtrics' {@code MSG}.
 *
 * <p>Reads by the rules of {@link SurveyJson}: bounded, and numbers keep their digits; jq's own
 * {@code fromjson} is neither. Blank or null is null, and what is no text is taken as it is. An
 * error quotes nothing of the text.
 *
 * <p>Camel finds it as a bean by its jq name and number of arguments. Keeps no state: one instance
 * serves every thread.
 */
@Component(JsonText.BEAN)
public final class JsonText implements Function {

  /** Name of the bean, as camel-jq wants it: the function's name, and its number of arguments. */
  public static final String BEAN = "json_text/0";

  @Override
  public void apply(
      Scope scope,
      List<Expression> arguments,
      JsonNode in,
      Path path,
      PathOutput output,
      Version version)
      throws JsonQueryException {
    output.emit(in.isTextual() ? read(in.textValue()) : in, null);
  }

  static JsonNode read(String text) throws JsonQueryException {
    if (text.isBlank()) {
      return NullNode.getInstance();
    }
    try {
      return SurveyJson.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new JsonQueryException(
          "Expected a text that is JSON, and it stops being JSON"
              + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()));
    }
  }
}
