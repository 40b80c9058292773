package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON and other bodies for people to read; what it cannot read it shows as it is. */
final class JsonText {

  /** What is shown of one body, in characters; larger ones are there to be taken whole. */
  static final int MOST = 200_000;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

  private JsonText() {}

  /** A node that is missing where it is no JSON. */
  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  static String pretty(String text) {
    return cut(prettyOr(text));
  }

  static String pretty(byte[] body) {
    try {
      var node = JSON.readTree(body);
      return cut(node.isMissingNode() ? "" : PRETTY.writeValueAsString(node));
    } catch (IOException | StackOverflowError e) {
      return cut(new String(body, UTF_8));
    }
  }

  private static String prettyOr(String text) {
    try {
      return PRETTY.writeValueAsString(JSON.readTree(text));
    } catch (JsonProcessingException | StackOverflowError e) {
      return text;
    }
  }

  private static String cut(String text) {
    return text.length() <= MOST
        ? text
        : text.substring(0, MOST) + "\n… and more; take the bytes to see all";
  }
}
