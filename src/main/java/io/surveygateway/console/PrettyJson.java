package io.surveygateway.console;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Lays JSON out for templates, which call its method; keeps nothing. */
final class PrettyJson {

  public String of(@Nullable JsonNode json) {
    if (json == null) {
      return "";
    }
    return json.isTextual() ? JsonText.pretty(json.textValue()) : JsonText.pretty(json.toString());
  }
}
